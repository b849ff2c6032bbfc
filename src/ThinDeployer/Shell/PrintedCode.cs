namespace ThinDeployer.Shell;

/// <summary>What some commands print for others that read it as code: through a pipe, a substitution or a file.</summary>
internal sealed class PrintedCode
{
    private readonly CodeReaders _readers;
    private readonly IReadOnlyList<SimpleCommand> _commands;

    /// <summary>Which commands write a file, by its name.</summary>
    private readonly ILookup<string, int> _writers;

    /// <summary>So many of them were found to be read, by the name of the file.</summary>
    private readonly Dictionary<string, int> _found = new(StringComparer.Ordinal);

    internal PrintedCode(CodeReaders readers, IReadOnlyList<SimpleCommand> commands)
    {
        _readers = readers;
        _commands = commands;
        _writers = commands
            .SelectMany((command, at) => readers.FilesOf(command).Select(file => (Name: Bare(file.Text), at)))
            .ToLookup(file => file.Name, file => file.at);
    }

    /// <param name="arguments">What is code itself.</param>
    internal IEnumerable<(CommandWord Word, CodeReader Reader)> Find(
        IEnumerable<(CommandWord Word, CodeReader Reader)> arguments
    ) =>
        [
            .. arguments.SelectMany(code => Within(code.Word, code.Reader)),
            .. Enumerable.Range(0, _commands.Count).SelectMany(Input),
            .. Enumerable.Range(0, _commands.Count).SelectMany(Scripts),
        ];

    /// <summary><c>echo "rm %v%" | sh</c>, <c>sh &lt;&lt;&lt; "rm %v%"</c>, <c>sh &lt; x.sh</c></summary>
    private IEnumerable<(CommandWord, CodeReader)> Input(int at) =>
        _readers.OfInput(_commands[at]) is { } reader
            ?
            [
                .. _commands[at].HereStrings.Concat(BeforePipe(at)).Select(word => (word, reader)),
                .. _commands[at].Inputs.SelectMany(file => Within(file, reader).Concat(Written(file.Text, at, reader))),
            ]
            : [];

    /// <summary><c>echo "rm %v%" > x.sh; sh x.sh</c></summary>
    private IEnumerable<(CommandWord, CodeReader)> Scripts(int at) =>
        _readers
            .ScriptsOf(_commands[at])
            .SelectMany(script =>
            {
                var reader = new CodeReader(script.Reader, CodeReader.AsArgument);
                return Within(script.Word, reader).Concat(Written(script.File, at, reader));
            });

    /// <summary>What is only printed into a word: <c>eval "$(echo "rm %v%")"</c>.</summary>
    private IEnumerable<(CommandWord, CodeReader)> Within(CommandWord code, CodeReader reader) =>
        code.Substitutions.Count == 0
            ? []
            : _commands
                .Where(command =>
                    CodeReaders.PrintsArguments(command)
                    && code.Substitutions.Any(part =>
                        command.Words[0].Start >= part.Start && command.Words[0].End <= part.End
                    )
                )
                .SelectMany(command => command.Words)
                .Select(word => (word, reader));

    /// <summary>All that the commands before wrote into a file, unless it was found for another reader already.</summary>
    private IEnumerable<(CommandWord, CodeReader)> Written(string file, int before, CodeReader reader)
    {
        var name = Bare(file);
        var found = _found.GetValueOrDefault(name);
        var written = _writers[name].Skip(found).TakeWhile(at => at < before).ToList();
        _found[name] = found + written.Count;
        return written
            .SelectMany(at => _readers.Printed(_commands[at]).Concat(BeforePipe(at)))
            .Select(word => (word, reader));
    }

    private IEnumerable<CommandWord> BeforePipe(int at) =>
        Enumerable
            .Range(1, at)
            .Select(distance => _commands[at - distance])
            .TakeWhile(command => command.PipesOn)
            .SelectMany(_readers.Printed);

    private static string Bare(string path) => path.StartsWith("./", StringComparison.Ordinal) ? path[2..] : path;
}
