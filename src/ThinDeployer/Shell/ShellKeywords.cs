using System.Collections.Frozen;

namespace ThinDeployer.Shell;

/// <summary>Words that a shell understands itself, so that no program of the name is needed.</summary>
internal static class ShellKeywords
{
    /// <summary>A command may follow them.</summary>
    private static readonly FrozenSet<string> BeforeCommand = FrozenSet.Create(
        "!",
        "{",
        "}",
        "do",
        "done",
        "elif",
        "else",
        "esac",
        "fi",
        "if",
        "then",
        "time",
        "until",
        "while"
    );

    /// <summary>What follows is no command.</summary>
    private static readonly FrozenSet<string> OtherThanCommand = FrozenSet.Create(
        "[[",
        "case",
        "for",
        "function",
        "select"
    );

    private static readonly FrozenSet<string> Builtins = FrozenSet.Create(
        ".",
        ":",
        "[",
        "alias",
        "bg",
        "break",
        "builtin",
        "cd",
        "command",
        "continue",
        "declare",
        "dirs",
        "disown",
        "echo",
        "enable",
        "eval",
        "exec",
        "exit",
        "export",
        "false",
        "fg",
        "getopts",
        "hash",
        "jobs",
        "kill",
        "let",
        "local",
        "mapfile",
        "popd",
        "printf",
        "pushd",
        "pwd",
        "read",
        "readonly",
        "return",
        "set",
        "shift",
        "shopt",
        "source",
        "test",
        "times",
        "trap",
        "true",
        "type",
        "typeset",
        "ulimit",
        "umask",
        "unalias",
        "unset",
        "wait"
    );

    internal static bool IsKeyword(string word) => BeforeCommand.Contains(word) || OtherThanCommand.Contains(word);

    internal static bool IsBuiltin(string word) => Builtins.Contains(word);

    /// <summary>The command that is left without them.</summary>
    internal static IReadOnlyList<CommandWord> Strip(IReadOnlyList<CommandWord> words)
    {
        var first = 0;
        while (first < words.Count && BeforeCommand.Contains(words[first].Text))
        {
            first++;
        }

        return first < words.Count && OtherThanCommand.Contains(words[first].Text) ? [] : [.. words.Skip(first)];
    }
}
