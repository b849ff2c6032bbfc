namespace ThinDeployer.Configuration;

/// <summary>The rule for names of services: they are part of a path.</summary>
internal static class ServiceName
{
    private const int MaximumLength = 128;

    internal static bool IsValid(string name) =>
        // In a path, "." and ".." are folders: clients take them out before they ask.
        name is not ("." or "..")
        && name.Length is > 0 and <= MaximumLength
        && name.All(character => char.IsAsciiLetterOrDigit(character) || character is '.' or '_' or '-');
}
