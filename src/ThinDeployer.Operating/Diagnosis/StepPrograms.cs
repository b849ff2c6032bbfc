using System.Text.RegularExpressions;
using ThinDeployer.Shell;

namespace ThinDeployer.Operating.Diagnosis;

/// <summary>The programs that a command starts, as far as its text says it.</summary>
internal static partial class StepPrograms
{
    /// <summary>Each once, in the order of the text; without what the shell does itself, and without what only it knows.</summary>
    internal static IReadOnlyList<string> Of(string command)
    {
        var commands = ShellLexer.FindCommands(command);
        var changesFolder = commands.Any(simple => simple.Words is [{ Text: "cd" or "pushd" }, ..]);
        return
        [
            .. commands
                .Select(ProgramOf)
                .OfType<string>()
                .Where(program => !(changesFolder && program.Contains('/') && !program.StartsWith('/')))
                .Where(program => !IsAskedFor(commands, program))
                .Distinct(StringComparer.Ordinal),
        ];
    }

    private static string? ProgramOf(SimpleCommand command) =>
        command.Words.FirstOrDefault(word => word.Text is not ("exec" or "command" or "nohup"))
            is { IsLiteral: true } word
        && Plain.IsMatch(word.Text)
        && !ShellKeywords.IsBuiltin(word.Text)
            ? word.Text
            : null;

    /// <summary><c>command -v name &amp;&amp; name …</c>: the command gets by without it.</summary>
    private static bool IsAskedFor(IReadOnlyList<SimpleCommand> commands, string program) =>
        commands.Any(simple =>
            simple.Words.Skip(1).Any(word => word.Text == program)
            && (
                simple.Words[0].Text is "type" or "which" or "hash"
                || (simple.Words[0].Text is "command" && simple.Words[1].Text is ("-v" or "-V"))
            )
        );

    [GeneratedRegex("^[A-Za-z0-9_./+-][A-Za-z0-9_./+@:-]*$", RegexOptions.None, 1_000)]
    private static partial Regex Plain { get; }
}
