using System.Collections.Frozen;

namespace ThinDeployer.Shell;

/// <summary>
/// Lines of one command that nobody asks whether they failed. The whole-text reader knows where a line ends that is not
/// inside anything; what it loses track of is not judged.
/// </summary>
internal static class UncheckedLines
{
    /// <summary>They do not fail, or only where nothing can be done about it.</summary>
    private static readonly FrozenSet<string> Harmless = FrozenSet.Create(
        ":",
        "alias",
        "echo",
        "exec",
        "exit",
        "export",
        "kill",
        "printf",
        "pkill",
        "readonly",
        "return",
        "set",
        "shopt",
        "sleep",
        "trap",
        "true",
        "umask",
        "unset",
        "wait"
    );

    /// <summary>Before <c>&amp;&amp;</c> their failing is an answer.</summary>
    private static readonly FrozenSet<string> Questions = FrozenSet.Create(
        "[",
        "cmp",
        "command",
        "diff",
        "grep",
        "test",
        "type",
        "which"
    );

    /// <param name="source">The command.</param>
    /// <param name="commands">That it is made of.</param>
    internal static bool IsIn(string source, IReadOnlyList<SimpleCommand> commands)
    {
        if (!source.TrimEnd().Contains('\n') || commands.Any(StopsAtFailure))
        {
            return false;
        }

        var start = 0;
        foreach (var (end, isSimple) in ShellLexer.FindLineEnds(source))
        {
            var isLast = !commands.Any(command => StartOf(command) > end);
            if (isSimple && !isLast && MayFail(source[start..end], In(start, end)))
            {
                return true;
            }

            start = end + 1;
        }

        return false;

        IReadOnlyList<SimpleCommand> In(int from, int to) =>
            [.. commands.Where(command => StartOf(command) >= from && StartOf(command) < to)];
    }

    /// <summary><c>set -e</c>, <c>set -euo pipefail</c>, <c>set -o errexit</c>.</summary>
    private static bool StopsAtFailure(SimpleCommand command) =>
        command.Words is [{ Text: "set" }, ..]
        && command
            .Words.Skip(1)
            .Any(word => word.Text is "errexit" || (word.Text is ['-', .. var letters] && letters.Contains('e')));

    private static bool MayFail(string lines, IReadOnlyList<SimpleCommand> commands) =>
        commands is [{ Words: [var first, ..] }, ..]
        && !lines.Contains("||", StringComparison.Ordinal)
        && !lines.TrimStart().StartsWith('!')
        && !lines.TrimEnd().EndsWith('&')
        && !(lines.Contains("&&", StringComparison.Ordinal) && Questions.Contains(first.Text))
        && !commands.All(command => command.Words.Count == 0 || Harmless.Contains(command.Words[0].Text));

    private static int StartOf(SimpleCommand command) =>
        (command.Assignments.Count > 0 ? command.Assignments : command.Words) is [var first, ..] ? first.Start : -1;
}
