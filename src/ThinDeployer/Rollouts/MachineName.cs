namespace ThinDeployer.Rollouts;

/// <summary>
/// The rule for names of machines. They are part of names of queues, logins and patterns at a transport, and of a path, so there
/// are no others than these characters, and no two that differ by case alone.
/// </summary>
internal static class MachineName
{
    internal const int MaximumLength = 63;

    /// <summary>What a name must be: the end of a sentence.</summary>
    internal const string Demand =
        "must be 1 to 63 lower-case letters, digits, dots, dashes and underscores, of which the first is a letter or a digit; all "
        + "is no name";

    /// <summary>Stands for every machine where names are listed, so none can be called that.</summary>
    internal const string All = "all";

    internal static bool IsValid(string name) =>
        name.Length is > 0 and <= MaximumLength
        && name is not All
        && IsLetterOrDigit(name[0])
        && name.All(character => IsLetterOrDigit(character) || character is '.' or '_' or '-');

    private static bool IsLetterOrDigit(char character) =>
        char.IsAsciiLetterLower(character) || char.IsAsciiDigit(character);
}
