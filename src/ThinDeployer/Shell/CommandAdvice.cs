using System.Collections.Frozen;

namespace ThinDeployer.Shell;

/// <summary>
/// What a command does not do that its writer most likely thinks it does. In doubt it is silent: a false alarm teaches
/// to overlook the next one.
/// </summary>
internal static class CommandAdvice
{
    private const string OwnShell = "has no effect on the other commands, as each has a shell of its own; ";
    private const string Folder = "set \"pwd\" of the service or the step, or write \"cd … && …\" in one command";
    private const string Variable = "set \"environment\", or write it and what needs it into one command";
    private const string Both = "write it and what needs it into one command";

    /// <summary>What only a shell itself has of these is gone with it.</summary>
    private static readonly FrozenDictionary<string, string> Cures = new Dictionary<string, string>
    {
        ["cd"] = Folder,
        ["pushd"] = Folder,
        ["popd"] = Folder,
        ["export"] = Variable,
        ["unset"] = Variable,
        ["."] = Both,
        ["source"] = Both,
        ["alias"] = Both,
        ["set"] = "a command that fails ends the deployment anyway",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>What bash has and dash lacks. Its "." looks for a name without a folder in PATH only (POSIX).</summary>
    private static readonly FrozenDictionary<string, string> NotInDash = new Dictionary<string, string>
    {
        ["source"] = "write \". ./…\" for it",
        ["pushd"] = "write \"cd\", or bash -c '…'",
        ["popd"] = "write \"cd\", or bash -c '…'",
        ["shopt"] = "write bash -c '…'",
        ["declare"] = "write bash -c '…'",
        ["mapfile"] = "write bash -c '…'",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>A sentence each.</summary>
    /// <param name="source">The command.</param>
    /// <param name="shell">The file that <c>/bin/sh</c> is.</param>
    internal static IEnumerable<string> Of(string source, string shell)
    {
        var commands = ShellLexer.FindCommands(source);
        string?[] found =
        [
            Interpreter(source),
            Lonely(commands),
            Missing(commands, shell),
            UncheckedLines.IsIn(source, commands)
                ? "a line that fails does not stop the lines below it, and the last one alone decides; write \"set -e\" "
                    + "above them, or a command for each"
                : null,
        ];
        return found.OfType<string>();
    }

    private static string? Interpreter(string source) =>
        source.StartsWith("#!", StringComparison.Ordinal)
        && source[2..].Split('\n')[0].Trim() is not ("/bin/sh" or "/usr/bin/sh" or "/usr/bin/env sh")
            ? "the first line, \"#!…\", is only a comment here, and /bin/sh runs the command; put it into a file of its own, or "
                + "write for example bash -c '…'"
            : null;

    /// <summary>The first of nothing but such commands.</summary>
    private static string? Lonely(IReadOnlyList<SimpleCommand> commands)
    {
        if (commands.Count == 0 || !commands.All(command => IsOfShell(command) || IsInside(command, commands[0])))
        {
            return null;
        }

        var words = commands[0].Words;
        return words.Count == 0
            ? $"a variable that is set so {OwnShell}{Variable}"
            : $"\"{words[0].Text}\" {OwnShell}{Cures[words[0].Text]}";
    }

    private static bool IsOfShell(SimpleCommand command) =>
        command.Words.Count == 0
            ? command.Assignments.Count > 0 && command.Assignments.All(word => word.Substitutions.Count == 0)
            : Cures.ContainsKey(command.Words[0].Text) && !IsScript(command.Words);

    /// <summary>A script that is read so may do the whole work; a file of variables does none.</summary>
    private static bool IsScript(IReadOnlyList<CommandWord> words) =>
        words is [{ Text: "." or "source" }, var file, ..]
        && file.Text.EndsWith(".sh", StringComparison.Ordinal)
        && Path.GetFileName(file.Text) != "nvm.sh";

    private static bool IsInside(SimpleCommand command, SimpleCommand outer) =>
        command.Words is [var first, ..]
        && outer.Words.Any(word => word.Substitutions.Any(part => first.Start > part.Start && first.End < part.End));

    private static string? Missing(IReadOnlyList<SimpleCommand> commands, string shell) =>
        Path.GetFileName(shell) == "dash"
        && commands.FirstOrDefault(command =>
            command.Words is [{ IsLiteral: true, Text: var name }, ..] && NotInDash.ContainsKey(name)
        )
            is { } found
            ? $"/bin/sh is dash on this machine, which has no \"{found.Words[0].Text}\"; {NotInDash[found.Words[0].Text]}"
            : null;
}
