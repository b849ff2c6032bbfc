using System.Text.RegularExpressions;

namespace ThinDeployer.Shell;

/// <summary>
/// A placeholder whose value is quoted well where the command is written, and then read as code by what the command hands
/// it to.
/// </summary>
/// <param name="Reader">What reads it, as an operator would call it: <c>sh -c</c>.</param>
/// <param name="Cure">What to write instead.</param>
internal sealed record SecondLevelUse(Placeholder Placeholder, string Reader, string Cure);

/// <summary>
/// Finds such placeholders, to warn of them. It knows the usual ways only: a value may still reach code by one that
/// nobody can see from the command, such as a script that calls <c>eval</c>.
/// </summary>
internal static class SecondLevel
{
    private static readonly TimeSpan SearchLimit = TimeSpan.FromSeconds(1);

    /// <summary>Each placeholder once, in the order of the text.</summary>
    internal static IReadOnlyList<SecondLevelUse> Find(CommandTemplate template)
    {
        var candidates = template.Placeholders.Where(placeholder => placeholder.Refusal is null).ToList();
        if (candidates.Count == 0)
        {
            return [];
        }

        var commands = CommandSplitter.Split(template.Source);
        IEnumerable<(CommandWord Word, CodeReader Reader)> code =
        [
            .. commands.SelectMany(command => CodeReaders.CodeOf(command)),
            .. Piped(commands),
            .. commands.SelectMany(command => Arithmetic(command, template.Source)),
        ];
        var found = code.ToList();
        return
        [
            .. candidates.SelectMany(placeholder =>
                found
                    .Where(part => part.Word.Holds(placeholder.Index))
                    .Take(1)
                    .Select(part => new SecondLevelUse(
                        placeholder,
                        part.Reader.Name,
                        part.Reader.Cure.Replace(CodeReaders.AnyPlaceholder, $"%{placeholder.Name}%")
                    ))
            ),
        ];
    }

    /// <summary>What a command prints for one that reads it as code: <c>echo "rm %v%" | sh</c>.</summary>
    private static IEnumerable<(CommandWord, CodeReader)> Piped(IReadOnlyList<SimpleCommand> commands)
    {
        for (var last = 0; last < commands.Count; last++)
        {
            if (CodeReaders.OfInput(commands[last]) is not { } reader)
            {
                continue;
            }

            foreach (var word in commands[last].HereStrings)
            {
                yield return (word, reader);
            }

            for (var from = last - 1; from >= 0 && commands[from].PipesOn; from--)
            {
                foreach (var word in commands[from].Words)
                {
                    yield return (word, reader);
                }
            }
        }
    }

    /// <summary><c>n=%n%; echo $((n + 1))</c>: bash evaluates what the variable holds.</summary>
    private static IEnumerable<(CommandWord, CodeReader)> Arithmetic(SimpleCommand command, string source)
    {
        foreach (var word in command.Assignments)
        {
            var name = word.Text[..word.Text.IndexOf('=', StringComparison.Ordinal)];
            var isChecked = Regex.IsMatch(source, $@"\bcase +""?\$\{{?{name}\b", RegexOptions.None, SearchLimit);
            var isEvaluated = Regex.IsMatch(
                source[word.End..],
                $@"\(\([^\n]*\b{name}\b[^\n]*\)\)|\[\[[^\n]*\b{name}\b[^\n]*\]\]|\blet\b[^\n]*\b{name}\b",
                RegexOptions.None,
                SearchLimit
            );
            if (isEvaluated && !isChecked)
            {
                yield return (word, CodeReaders.Arithmetic(name));
            }
        }
    }
}
