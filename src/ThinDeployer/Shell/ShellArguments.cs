namespace ThinDeployer.Shell;

/// <summary>The arguments of a shell: <c>-o pipefail -ec CODE</c>, <c>SCRIPT …</c>, or code as its input.</summary>
internal static class ShellArguments
{
    internal static IEnumerable<CommandWord> Code(IReadOnlyList<CommandWord> arguments)
    {
        var words = BeforeScript(arguments).ToList();
        var at = words.FindIndex(IsCommandSwitch);
        return at < 0 ? [] : words.Skip(at + 1).Take(1);
    }

    internal static IEnumerable<CommandWord> Script(IReadOnlyList<CommandWord> arguments) =>
        BeforeScript(arguments).ToList() is [.., { Text: not ['-' or '+', ..] } script] words
        && (words is [_] || !TakesValue(words[^2]))
        && !words.Exists(word => IsCommandSwitch(word) || word.Text == "-s")
            ? [script]
            : [];

    internal static bool ReadsInput(IReadOnlyList<CommandWord> arguments) =>
        !BeforeScript(arguments).Any(IsCommandSwitch)
        && (Script(arguments).All(script => script.Text == "/dev/stdin") || arguments.Any(word => word.Text == "-s"));

    /// <summary><c>-c</c>, alone or among other letters, as in <c>-ec</c>.</summary>
    private static bool IsCommandSwitch(CommandWord word) =>
        word.Text is ['-', not '-', ..] && word.Text.Contains('c', StringComparison.Ordinal);

    /// <summary>The switches of a shell, and the word behind them; what follows belongs to the script.</summary>
    private static IEnumerable<CommandWord> BeforeScript(IReadOnlyList<CommandWord> arguments)
    {
        var takesValue = false;
        foreach (var word in arguments)
        {
            yield return word;
            if (!takesValue && word.Text is not ['-' or '+', ..])
            {
                yield break;
            }

            takesValue = TakesValue(word);
        }
    }

    private static bool TakesValue(CommandWord word) => word.Text is ['-' or '+', .., 'o' or 'O'];
}
