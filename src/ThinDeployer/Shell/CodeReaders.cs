using System.Collections.Frozen;

namespace ThinDeployer.Shell;

/// <summary>Something that reads text it is given as code.</summary>
internal sealed record CodeReader(string Name, string Cure);

/// <summary>The programs and builtins that do so, and which of their arguments they read so.</summary>
internal static class CodeReaders
{
    /// <summary>Stands in a cure for the placeholder that it is about.</summary>
    internal const string AnyPlaceholder = "%…%";

    private const string AsArgument = "hand it over as an argument of its own, which that code then reads";

    private static readonly CodeReader Eval = new(
        "eval",
        "assign it before, and name that in single quotes: value=%…%; eval '… \"$value\" …'"
    );
    private static readonly CodeReader Ssh = new(
        "ssh",
        "send it as data: printf '%s\\n' %…% | ssh HOST 'read -r value; … \"$value\"'"
    );
    private static readonly CodeReader Xargs = new(
        "xargs",
        "xargs takes quotes and blanks in it apart: write printf '%s\\0' %…% | xargs -0 …"
    );
    private static readonly CodeReader Subscript = new(
        "bash",
        "as the name of a variable its subscript would be run: name one that no caller chooses"
    );

    private static readonly FrozenSet<string> Shells = FrozenSet.Create(
        "sh",
        "bash",
        "dash",
        "ash",
        "ksh",
        "mksh",
        "zsh",
        "fish"
    );

    /// <summary>Users of another shell's code: <c>su deploy -c "…"</c>.</summary>
    private static readonly FrozenSet<string> ShellStarters = FrozenSet.Create("su", "runuser", "script", "flock");

    /// <summary>Programs of other languages, and the switches behind which code stands.</summary>
    private static readonly Dictionary<string, string[]> Interpreters = new()
    {
        ["python"] = ["-c"],
        ["perl"] = ["-e", "-E", "-ne", "-pe"],
        ["ruby"] = ["-e"],
        ["node"] = ["-e", "-p", "--eval", "--print"],
        ["php"] = ["-r"],
        ["psql"] = ["-c", "--command"],
        ["mysql"] = ["-e", "--execute"],
        ["mariadb"] = ["-e", "--execute"],
    };

    /// <summary>Their first argument is code.</summary>
    private static readonly FrozenSet<string> Filters = FrozenSet.Create("awk", "gawk", "mawk", "sed", "jq", "yq");

    /// <summary>They run what stands behind them.</summary>
    private static readonly FrozenSet<string> Wrappers = FrozenSet.Create(
        "builtin",
        "chroot",
        "chronic",
        "command",
        "docker",
        "docker-compose",
        "doas",
        "env",
        "exec",
        "find",
        "flock",
        "gosu",
        "ionice",
        "kubectl",
        "nice",
        "nohup",
        "nsenter",
        "podman",
        "runuser",
        "setpriv",
        "setsid",
        "stdbuf",
        "su",
        "su-exec",
        "sudo",
        "systemd-run",
        "timeout",
        "xargs"
    );

    /// <summary>Switches of ssh that take a value; all that follows the host is read by a shell there.</summary>
    private const string SshSwitchesWithValue = "BbcDEeFIiJLlmOopQRSWw";

    internal static CodeReader Arithmetic(string variable) =>
        new("bash's arithmetic", $"check it before: case ${variable} in ''|*[!0-9]*) exit 1 ;; esac");

    /// <summary>The words of a command that it reads as code.</summary>
    internal static IEnumerable<(CommandWord Word, CodeReader Reader)> CodeOf(SimpleCommand command) =>
        Programs(command).SelectMany(program => CodeOf(NameOf(program[0]), [.. program.Skip(1)]));

    /// <summary>What reads the standard input of a command as code; null where nothing does.</summary>
    internal static CodeReader? OfInput(SimpleCommand command)
    {
        foreach (var program in Programs(command))
        {
            var arguments = program.Skip(1).Select(word => word.Text).ToList();
            var operands = arguments.Where(text => !text.StartsWith('-')).ToList();
            var name = NameOf(program[0]);
            if (Shells.Contains(name) && (operands.Count == 0 || arguments.Contains("-s")) && !arguments.Contains("-c"))
            {
                return new CodeReader(
                    $"| {name}",
                    "write that code without it, and hand it over as an argument: … | sh -s -- %…%"
                );
            }

            if (
                name == "xargs"
                && !arguments.Any(text => text is "-0" or "--null" || text.StartsWith("-d", StringComparison.Ordinal))
            )
            {
                return Xargs;
            }

            if (name == "ssh" && operands.Skip(1).FirstOrDefault()?.Split(' ') is [var remote, .. var rest])
            {
                var isFed = Shells.Contains(remote) && rest.All(text => text.StartsWith('-'));
                return isFed ? Ssh : null;
            }
        }

        return null;
    }

    /// <summary>The command itself, and what it may run in its turn: <c>sudo timeout 5 sh -c …</c>.</summary>
    private static IEnumerable<IReadOnlyList<CommandWord>> Programs(SimpleCommand command)
    {
        var words = command.Words;
        if (words.Count == 0)
        {
            yield break;
        }

        yield return words;
        for (var i = 1; i < words.Count && Wrappers.Contains(NameOf(words[0])); i++)
        {
            if (words[i].IsLiteral)
            {
                yield return [.. words.Skip(i)];
            }
        }
    }

    /// <summary>Without a folder, and without a version: <c>python3.12</c>.</summary>
    private static string NameOf(CommandWord word) =>
        Path.GetFileName(word.Text).TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '.');

    private static IEnumerable<(CommandWord, CodeReader)> CodeOf(string program, IReadOnlyList<CommandWord> arguments)
    {
        IEnumerable<CommandWord> code = program switch
        {
            "eval" or "watch" or "parallel" => arguments,
            "trap" => arguments.Take(1),
            "ssh" => BehindHost(arguments),
            "test" or "[" or "printf" => Behind(arguments, "-v"),
            "unset" or "read" => arguments,
            _ when Shells.Contains(program) => BehindCommandSwitch(BeforeScript(arguments)),
            _ when ShellStarters.Contains(program) => Behind(arguments, "-c", "--command"),
            _ when Interpreters.TryGetValue(program, out var switches) => Behind(arguments, switches),
            _ when Filters.Contains(program) => FilterCode(arguments),
            _ => [],
        };
        var reader = ReaderOf(program);
        return code.Select(word => (word, reader));
    }

    private static CodeReader ReaderOf(string program) =>
        program switch
        {
            "eval" or "trap" or "watch" or "parallel" => Eval with { Name = program },
            "ssh" => Ssh,
            "test" or "[" or "printf" or "unset" or "read" => Subscript,
            _ when Shells.Contains(program) => new CodeReader(
                $"{program} -c",
                $"hand it over as an argument: {program} -c '… \"$1\" …' {program} %…%"
            ),
            _ when ShellStarters.Contains(program) => new CodeReader($"{program} -c", AsArgument),
            _ => new CodeReader(program, AsArgument),
        };

    /// <summary><c>-c</c>, alone or among other letters, as in <c>-ec</c>.</summary>
    private static IEnumerable<CommandWord> BehindCommandSwitch(IEnumerable<CommandWord> arguments)
    {
        var words = arguments.ToList();
        var at = words.FindIndex(word =>
            word.Text is ['-', not '-', ..] && word.Text.Contains('c', StringComparison.Ordinal)
        );
        return at < 0 ? [] : words.Skip(at + 1).Take(1);
    }

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

            takesValue = word.Text is ['-' or '+', .., 'o' or 'O'];
        }
    }

    private static IEnumerable<CommandWord> Behind(IReadOnlyList<CommandWord> arguments, params string[] switches) =>
        arguments.Where(
            (word, index) =>
                (index > 0 && switches.Contains(arguments[index - 1].Text))
                || switches.Any(name => name.Length > 2 && word.Text.StartsWith(name + "=", StringComparison.Ordinal))
        );

    private static IEnumerable<CommandWord> BehindHost(IReadOnlyList<CommandWord> arguments)
    {
        var at = 0;
        while (at < arguments.Count && arguments[at].Text is ['-', .. var letters])
        {
            at += letters.Length == 1 && SshSwitchesWithValue.Contains(letters[0], StringComparison.Ordinal) ? 2 : 1;
        }

        return arguments.Skip(at + 1);
    }

    /// <summary>The first operand, unless switches bring the code: <c>awk -v name=%…% '…'</c>.</summary>
    private static IEnumerable<CommandWord> FilterCode(IReadOnlyList<CommandWord> arguments)
    {
        for (var at = 0; at < arguments.Count; at++)
        {
            switch (arguments[at].Text)
            {
                case "-e" or "--expression":
                    return Behind(arguments, "-e", "--expression");
                case "-f" or "--file" or "--from-file":
                    return [];
                case "-v" or "-F":
                    at++;
                    break;
                case "--arg" or "--argjson" or "--slurpfile" or "--rawfile":
                    at += 2;
                    break;
                case ['-', ..]:
                    break;
                default:
                    return [arguments[at]];
            }
        }

        return [];
    }
}
