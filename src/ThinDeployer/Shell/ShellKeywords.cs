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

    /// <summary>Of dash, bash and Korn shells.</summary>
    private static readonly FrozenSet<string> Builtins = FrozenSet.Create(
        ".",
        ":",
        "[",
        "alias",
        "bg",
        "bind",
        "break",
        "builtin",
        "caller",
        "cd",
        "chdir",
        "command",
        "compgen",
        "complete",
        "compopt",
        "continue",
        "coproc",
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
        "fc",
        "fg",
        "getopts",
        "hash",
        "help",
        "history",
        "in",
        "jobs",
        "kill",
        "let",
        "local",
        "logout",
        "mapfile",
        "popd",
        "print",
        "printf",
        "pushd",
        "pwd",
        "read",
        "readarray",
        "readonly",
        "return",
        "set",
        "shift",
        "shopt",
        "source",
        "suspend",
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
        "wait",
        "whence"
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
