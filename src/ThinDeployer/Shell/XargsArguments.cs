namespace ThinDeployer.Shell;

/// <summary>The arguments of xargs, which puts what it reads into a command.</summary>
internal static class XargsArguments
{
    /// <summary>Whether it takes what it reads apart, by quotes and blanks.</summary>
    internal static bool Splits(IReadOnlyList<CommandWord> arguments) =>
        !arguments.Any(word =>
            word.Text == "--null"
            || word.Text.StartsWith("-d", StringComparison.Ordinal)
            || (
                word.Text is ['-', .. var letters]
                && letters.Contains('0')
                && letters.All(letter => letter is '0' or 'r' or 't' or 'x')
            )
        );

    /// <summary>What stands for it within the arguments of the command.</summary>
    internal static string Replaced(IReadOnlyList<CommandWord> arguments)
    {
        for (var i = 0; i < arguments.Count; i++)
        {
            if (arguments[i].Text is ['-', 'I', .. var text])
            {
                return text.Length > 0 ? text
                    : i + 1 < arguments.Count ? arguments[i + 1].Text
                    : "{}";
            }
        }

        return "{}";
    }
}
