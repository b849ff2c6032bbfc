using System.Text.RegularExpressions;

namespace ThinDeployer.Shell;

/// <summary>
/// A placeholder whose value is quoted well where the command is written, and then read as code by what the command hands
/// it to.
/// </summary>
internal sealed record SecondLevelUse(Placeholder Placeholder, CodeReader Reader);

/// <summary>
/// Finds such placeholders, to warn of them. It knows the usual ways only: a value may still reach code by one that
/// nobody can see from the command, such as a script that calls <c>eval</c>.
/// </summary>
internal sealed class SecondLevel(CodeReaders readers)
{
    internal static readonly SecondLevel Known = new(new CodeReaders(CodeTable.Known));

    private static readonly TimeSpan SearchLimit = TimeSpan.FromSeconds(1);

    /// <summary>Each placeholder once, in the order of the text.</summary>
    internal IReadOnlyList<SecondLevelUse> Find(CommandTemplate template)
    {
        var candidates = template.Placeholders.Where(placeholder => placeholder.Refusal is null).ToList();
        if (candidates.Count == 0)
        {
            return [];
        }

        var commands = ShellLexer.FindCommands(template.Source);
        var code = Code(commands);
        List<(CommandWord Word, CodeReader Reader)> found =
        [
            .. code,
            .. Environment(commands),
            .. commands.SelectMany(command => Arithmetic(command, template.Source)),
            .. commands.SelectMany(command => Assigned(command, code, template.Source)),
        ];
        var words = found.DistinctBy(part => (part.Word.Start, part.Word.End)).ToList();
        return
        [
            .. candidates.SelectMany(placeholder =>
                words
                    .Where(part => part.Word.Holds(placeholder.Index))
                    .Take(1)
                    .Select(part => new SecondLevelUse(placeholder, part.Reader))
            ),
        ];
    }

    /// <summary>
    /// Tells what reads a variable of the step's environment as code, wherever its value comes from; null where nothing does.
    /// The command is taken apart once, for all variables.
    /// </summary>
    internal Func<string, CodeReader?> ReadersIn(CommandTemplate template)
    {
        var commands = ShellLexer.FindCommands(template.Source);
        var code = Code(commands);
        var ofAll = commands.Select(readers.OfEnvironment).FirstOrDefault(name => name is not null) is { } name
            ? new CodeReader(name, CodeReader.ByPattern)
            : null;
        return variable => code.Find(part => part.Word.Expansions.Contains(variable)).Reader ?? ofAll;
    }

    private List<(CommandWord Word, CodeReader Reader)> Code(IReadOnlyList<SimpleCommand> commands)
    {
        var arguments = commands.SelectMany(command => readers.CodeOf(command)).ToList();
        return [.. arguments, .. new PrintedCode(readers, commands).Find(arguments)];
    }

    /// <summary>What is put into the environment of a program that reads it as code: <c>TAG=%v% make</c>.</summary>
    private IEnumerable<(CommandWord, CodeReader)> Environment(IReadOnlyList<SimpleCommand> commands)
    {
        var assigned = new List<CommandWord>();
        var exported = new HashSet<string>();
        foreach (var command in commands)
        {
            var own = readers.Exported(command).ToList();
            if (command.Words is [])
            {
                assigned.AddRange(own);
            }
            else if (command.Words is [{ Text: "export" }, ..])
            {
                assigned.AddRange(own);
                exported.UnionWith(command.Words.Select(name => name.Assigned.Length > 0 ? name.Assigned : name.Text));
            }

            if (readers.OfEnvironment(command) is { } name)
            {
                var reader = new CodeReader(name, CodeReader.ByPattern);
                var passed = own.Concat(assigned.Where(word => exported.Contains(word.Assigned)));
                foreach (var word in passed)
                {
                    yield return (word, reader);
                }
            }
        }
    }

    /// <summary><c>path=%v%; ssh host "rm $path"</c></summary>
    private IEnumerable<(CommandWord, CodeReader)> Assigned(
        SimpleCommand command,
        IReadOnlyList<(CommandWord Word, CodeReader Reader)> code,
        string source
    ) =>
        readers
            .Exported(command)
            .Where(word => !IsChecked(word.Assigned, source))
            .SelectMany(word =>
                code.Where(use => use.Word.Start > word.Start && use.Word.Expansions.Contains(word.Assigned))
                    .Take(1)
                    .Select(use => (word, use.Reader))
            );

    private static bool IsChecked(string variable, string source) =>
        Regex.IsMatch(source, $@"\bcase +""?\$\{{?{variable}\b", RegexOptions.None, SearchLimit);

    /// <summary><c>n=%n%; echo $((n + 1))</c>: bash evaluates what the variable holds.</summary>
    private static IEnumerable<(CommandWord, CodeReader)> Arithmetic(SimpleCommand command, string source)
    {
        foreach (var word in command.Assignments)
        {
            var name = word.Assigned;
            var isEvaluated = Regex.IsMatch(
                source[word.End..],
                $@"\(\([^\n]*\b{name}\b[^\n]*\)\)|\[\[[^\n]*\b{name}\b[^\n]*\]\]|\blet\b[^\n]*\b{name}\b",
                RegexOptions.None,
                SearchLimit
            );
            if (isEvaluated && !IsChecked(name, source))
            {
                yield return (word, CodeReaders.Arithmetic(name));
            }
        }
    }
}
