namespace ThinDeployer.Shell;

/// <summary>The name of a variable as every shell takes it (POSIX, 3.231 Name).</summary>
internal static class VariableName
{
    internal static bool IsValid(ReadOnlySpan<char> name)
    {
        if (name.IsEmpty || char.IsAsciiDigit(name[0]))
        {
            return false;
        }

        foreach (var character in name)
        {
            if (!IsPart(character))
            {
                return false;
            }
        }

        return true;
    }

    internal static bool IsPart(char character) => char.IsAsciiLetterOrDigit(character) || character == '_';
}
