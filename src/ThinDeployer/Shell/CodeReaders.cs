using System.Collections.Frozen;

namespace ThinDeployer.Shell;

/// <summary>What of a command is read as code, and by whom, as <see cref="CodeTable"/> says.</summary>
internal sealed class CodeReaders(CodeTable table)
{
    private readonly FrozenSet<string> _shells = CodeRow.List(table.Shells).ToFrozenSet();
    private readonly FrozenSet<string> _wrappers = CodeRow.List(table.Wrappers).ToFrozenSet();
    private readonly FrozenSet<string> _variables = CodeRow.List(table.Variables).ToFrozenSet();

    private readonly FrozenSet<string> _fetchers = CodeRow.List(table.Fetchers).ToFrozenSet();

    private readonly FrozenDictionary<string, CodeRow[]> _rows = table
        .Rows.SelectMany(row => CodeRow.List(row.Programs).Select(program => (program, row)))
        .GroupBy(entry => entry.program, entry => entry.row)
        .ToFrozenDictionary(group => group.Key, group => group.ToArray());

    private static readonly CodeReader Xargs = new(
        "xargs",
        "xargs takes quotes and blanks in it apart: write printf '%s\\0' %…% | xargs -0 …"
    );

    internal static CodeReader Arithmetic(string variable) =>
        new("bash's arithmetic", $"check it before: case ${variable} in ''|*[!0-9]*) exit 1 ;; esac");

    /// <summary>The words of a command that it reads as code.</summary>
    internal IEnumerable<(CommandWord Word, CodeReader Reader)> CodeOf(SimpleCommand command) =>
        [.. Programs(command).SelectMany(program => program.Code), .. Assignments(command)];

    /// <summary>What reads the standard input of a command as code; null where nothing does.</summary>
    internal CodeReader? OfInput(SimpleCommand command) =>
        Programs(command)
            .Select(program =>
                program.Name == "xargs" ? OfXargs(program, command)
                : program.IsShell ? OfShell(program)
                : OfOther(program)
            )
            .FirstOrDefault(reader => reader is not null);

    /// <summary>The files of code that a command runs, or reads, with the word that names each.</summary>
    internal IEnumerable<(CommandWord Word, string File, string Reader)> ScriptsOf(SimpleCommand command) =>
        Programs(command)
            .SelectMany(program => program.Scripts.Append((program.Word, program.Word.Text, program.Word.Text)));

    /// <summary>The files that it writes.</summary>
    internal IEnumerable<CommandWord> FilesOf(SimpleCommand command) =>
        Programs(command)
            .Where(program => program.Name == "tee")
            .SelectMany(program => program.Arguments)
            .Concat(command.Outputs);

    /// <summary>What reads its environment as code; null where nothing does.</summary>
    internal string? OfEnvironment(SimpleCommand command) =>
        Programs(command).FirstOrDefault(program => program.Rows.Any(row => row.Environment))?.Name;

    /// <summary>What a command puts into the environment of what it runs.</summary>
    internal IEnumerable<CommandWord> Exported(SimpleCommand command) =>
        command.Words is [{ Text: "export" }, ..] || (command.Words is [var first, ..] && IsWrapper(first))
            ? [.. command.Assignments, .. command.Words.Where(word => word.Assigned.Length > 0)]
            : command.Assignments;

    /// <summary>The words that may be in what it prints.</summary>
    internal IEnumerable<CommandWord> Printed(SimpleCommand command) =>
        Programs(command).Any(program => _fetchers.Contains(program.Name))
            ? command.HereStrings
            : command.Words.Concat(command.HereStrings);

    internal static bool PrintsArguments(SimpleCommand command) => command.Words is [{ Text: "echo" or "printf" }, ..];

    private CodeReader? OfXargs(Program xargs, SimpleCommand command)
    {
        if (XargsArguments.Splits(xargs.Arguments))
        {
            return Xargs;
        }

        var replaced = XargsArguments.Replaced(xargs.Arguments);
        return CodeOf(command)
            .FirstOrDefault(code => code.Word.Text.Contains(replaced, StringComparison.Ordinal))
            .Reader;
    }

    private static CodeReader? OfShell(Program shell) =>
        ShellArguments.ReadsInput(shell.Arguments)
            ? new CodeReader(
                $"| {shell.Name}",
                "write that code without it, and hand it over as an argument: … | sh -s -- %…%"
            )
            : null;

    private CodeReader? OfOther(Program program) =>
        program.Rows.FirstOrDefault(row => row.ReadsInput(program.Arguments) || FeedsShell(row, program)) is { } reading
            ? new CodeReader($"| {program.Name}", reading.Cure, reading.Harmless)
            : null;

    /// <summary>Whether a shell that it starts reads its input: <c>ssh host 'bash -s'</c>.</summary>
    private bool FeedsShell(CodeRow row, Program program) =>
        row.Operands == CodeOperands.BehindFirst
        && row.CodeOf(program.Arguments).FirstOrDefault(code => code.Option.Length == 0).Word?.Text.Split(' ')
            is [var remote, .. var rest]
        && _shells.Contains(remote)
        && rest.All(text => text.StartsWith('-'));

    private IEnumerable<(CommandWord, CodeReader)> Assignments(SimpleCommand command) =>
        Exported(command)
            .Where(word => _variables.Contains(word.Assigned))
            .Select(word => (word, new CodeReader(word.Assigned, CodeReader.ByPattern)));

    /// <summary>The command itself, and what it may run in its turn: <c>sudo timeout 5 sh -c …</c>.</summary>
    private IEnumerable<Program> Programs(SimpleCommand command)
    {
        var words = command.Words;
        for (var i = 0; i < words.Count && (i == 0 || IsWrapper(words[0])); i++)
        {
            if (i == 0 || words[i].IsLiteral)
            {
                var name = NameOf(words[i]);
                yield return new Program(words[i], [.. words.Skip(i + 1)])
                {
                    Rows = _rows.GetValueOrDefault(name, []),
                    IsShell = _shells.Contains(name),
                };
            }
        }
    }

    private bool IsWrapper(CommandWord word) => _wrappers.Contains(NameOf(word));

    /// <summary>Without a folder, and without the version of what is known: <c>python3.12</c>.</summary>
    private string NameOf(CommandWord word)
    {
        var name = Path.GetFileName(word.Text);
        return _rows.ContainsKey(name) ? name : name.TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '.');
    }

    /// <summary>A program and its arguments, and what the table says of it.</summary>
    private sealed record Program(CommandWord Word, IReadOnlyList<CommandWord> Arguments)
    {
        internal string Name => Path.GetFileName(Word.Text) is { Length: > 0 } name ? name : Word.Text;

        internal required IReadOnlyList<CodeRow> Rows { get; init; }

        internal required bool IsShell { get; init; }

        internal IEnumerable<(CommandWord, CodeReader)> Code =>
            IsShell ? ShellArguments.Code(Arguments).Select(word => (word, AsShell)) : Rows.SelectMany(CodeOf);

        internal IEnumerable<(CommandWord Word, string File, string Reader)> Scripts =>
            IsShell
                ? ShellArguments.Script(Arguments).Select(script => (script, script.Text, Name))
                : Rows.SelectMany(row => row.ScriptsOf(Arguments))
                    .Select(script => (script.Word, script.File, Named(script.Option)));

        private string Named(string option) => option.Length > 0 ? $"{Name} {option}" : Name;

        private CodeReader AsShell =>
            new($"{Name} -c", $"hand it over as an argument: {Name} -c '… \"$1\" …' {Name} %…%");

        private IEnumerable<(CommandWord, CodeReader)> CodeOf(CodeRow row) =>
            (row.BehindSubcommand(Arguments) is { } rest ? row.CodeOf(rest) : []).Select(code =>
                (code.Word, new CodeReader(Named(code.Option), row.CureOf(code.Option), row.Harmless))
            );
    }
}
