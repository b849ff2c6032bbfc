using System.Buffers;
using System.IO.Enumeration;

namespace ThinDeployer.Shell;

internal enum CodeOperands
{
    None,
    First,
    BehindFirst,
    All,
}

/// <summary>
/// A row of <see cref="CodeTable"/>: which arguments of a program are code. Lists are separated by blanks. An option is found alone, at
/// the end of others (<c>-avze</c>), and with its value behind it (<c>-e…</c>, <c>--rsh=…</c>).
/// </summary>
/// <param name="Programs">Without a version: <c>sqlite</c> is sqlite3, too.</param>
internal sealed record CodeRow(string Programs)
{
    /// <summary>What the first operands must be, such as <c>submodule foreach</c>; alternatives are separated by <c>|</c>.</summary>
    internal string Subcommand { get; init; } = "";

    /// <summary>Their values are code.</summary>
    internal string Options { get; init; } = "";

    /// <summary>Their values are <c>KEY=CODE</c>, for some keys.</summary>
    internal string Settings { get; init; } = "";

    /// <summary>Those keys, in any letters; <c>*</c> stands for anything.</summary>
    internal string Keys { get; init; } = "";

    /// <summary>The same keys where they are operands, with their code as the next one.</summary>
    internal string Named { get; init; } = "";

    internal CodeOperands Operands { get; init; }

    /// <summary>An argument that begins so is code.</summary>
    internal string Prefixes { get; init; } = "";

    /// <summary>Other options that take a value, which is no operand.</summary>
    internal string Values { get; init; } = "";

    /// <summary>Others that take two.</summary>
    internal string Pairs { get; init; } = "";

    /// <summary>Options that bring a file of code in the place of operands and input, or make data of them.</summary>
    internal string Instead { get; init; } = "";

    /// <summary>Whether what follows the first operand is no option of the program.</summary>
    internal bool OptionsFirst { get; init; }

    /// <summary>Up to how many operands its standard input is code; never, if negative.</summary>
    internal int Input { get; init; } = Never;

    /// <summary>Whether it reads each variable of its environment as code.</summary>
    internal bool Environment { get; init; }

    internal string Cure { get; init; } = CodeReader.ByPattern;

    /// <summary>Beside letters and digits, the characters that do no harm there.</summary>
    internal string Harmless { get; init; } = CodeReader.HarmlessInMost;

    internal const int Never = -1;
    internal const int Always = int.MaxValue;

    internal static string[] List(string list) => list.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The words that are code, with the option that makes them so, or an empty text.</summary>
    internal IEnumerable<(CommandWord Word, string Option)> CodeOf(IReadOnlyList<CommandWord> arguments)
    {
        var parts = Parts(arguments);
        var operands = parts.Where(part => part.IsOperand).Select(part => (part.Word, Option: "")).ToList();
        var ofOptions = parts.Where(IsCode).Select(part => (part.Word, part.Option)).ToList();
        var ofOperands = Operands switch
        {
            _ when Has(parts, Instead) => [],
            CodeOperands.All => operands,
            CodeOperands.BehindFirst => operands.Skip(1),
            CodeOperands.First when ofOptions.Count == 0 => operands.Take(1),
            _ => [],
        };
        var prefixes = List(Prefixes);
        return
        [
            .. ofOptions,
            .. ofOperands,
            .. operands.Where((_, index) => index > 0 && IsAmong(Named, operands[index - 1].Word.Text)),
            .. arguments.Where(word => prefixes.Any(word.StartsWith)).Select(word => (word, "")),
        ];
    }

    /// <summary>A setting takes no argument that its code could read.</summary>
    internal string CureOf(string option) => List(Settings).Contains(option) ? CodeReader.ByPattern : Cure;

    /// <summary>Whether these arguments let it read code from its standard input.</summary>
    internal bool ReadsInput(IReadOnlyList<CommandWord> arguments)
    {
        var parts = Parts(arguments);
        return parts.Count(part => part.IsOperand && part.Word.Text != "/dev/stdin") <= Input
            && !Has(parts, Options)
            && !Has(parts, Instead);
    }

    /// <summary>The files that it reads code from, with the word that names each, and the option or an empty text.</summary>
    internal IEnumerable<(CommandWord Word, string File, string Option)> ScriptsOf(IReadOnlyList<CommandWord> arguments)
    {
        var parts = Parts(arguments);
        return parts
            .Where(part => part.IsOperand && Input == 0)
            .Take(1)
            .Concat(parts.Where(part => List(Instead).Contains(part.Option)))
            .Select(part => (part.Word, part.Value, part.Option));
    }

    /// <summary>What follows the subcommand; null where it is another one.</summary>
    internal IReadOnlyList<CommandWord>? BehindSubcommand(IReadOnlyList<CommandWord> arguments)
    {
        if (Subcommand.Length == 0)
        {
            return arguments;
        }

        var operands = Parts(arguments).Where(part => part.IsOperand).Select(part => part.Word).ToList();
        foreach (var names in Subcommand.Split('|').Select(List))
        {
            if (operands.Take(names.Length).Select(word => word.Text).SequenceEqual(names))
            {
                return [.. arguments.SkipWhile(word => word != operands[names.Length - 1]).Skip(1)];
            }
        }

        return null;
    }

    private static bool Has(IEnumerable<Part> parts, string options) =>
        parts.Any(part => part.Option.Length > 0 && List(options).Contains(part.Option));

    private bool IsCode(Part part) =>
        part.Option.Length > 0
        && (List(Options).Contains(part.Option) || (List(Settings).Contains(part.Option) && IsCode(part.Value)));

    private bool IsCode(string setting) => IsAmong(Keys, setting.Split('=', ' ')[0]);

    /// <summary>A key that the caller has a part in may be any.</summary>
    private static bool IsAmong(string keys, string key) =>
        List(keys)
            .Any(name =>
                key.Contains('%', StringComparison.Ordinal)
                || FileSystemName.MatchesSimpleExpression(name, key, ignoreCase: true)
            );

    /// <param name="Option">The one whose value it is or holds, or empty.</param>
    /// <param name="Value">Without the option.</param>
    private sealed record Part(CommandWord Word, string Option, string Value, bool IsOperand);

    private List<Part> Parts(IReadOnlyList<CommandWord> arguments)
    {
        var parts = new List<Part>();
        var (pending, values, onlyOperands) = ("", 0, false);
        foreach (var word in arguments)
        {
            if (values > 0)
            {
                values--;
                onlyOperands |= OptionsFirst && List(Instead).Contains(pending);
                parts.Add(new Part(word, pending, word.Text, IsOperand: false));
            }
            else if (word.Text == "-")
            {
                // Standard input, or nothing.
                parts.Add(new Part(word, "", word.Text, IsOperand: false));
            }
            else if (onlyOperands || word.Text is not ['-', ..])
            {
                onlyOperands |= OptionsFirst;
                parts.Add(new Part(word, "", word.Text, IsOperand: true));
            }
            else
            {
                onlyOperands |= word.Text == "--";
                (pending, var value) = Option(word.Text);
                values =
                    pending.Length == 0 || value is not null ? 0
                    : List(Pairs).Contains(pending) ? 2
                    : 1;
                parts.Add(new Part(word, pending, value ?? "", IsOperand: false));
            }
        }

        return parts;
    }

    /// <summary>The option that takes a value, and that value if it stands in the same word.</summary>
    private (string Name, string? Value) Option(string text)
    {
        var known = List($"{Options} {Settings} {Values} {Pairs} {Instead}");
        if (known.Contains(text))
        {
            return (text, null);
        }

        var letters = text.AsSpan(1);
        var isCluster = !letters.ContainsAnyExcept(Letters);
        foreach (var name in known)
        {
            if (name.Length > 2 && text.StartsWith(name + "=", StringComparison.Ordinal))
            {
                return (name, text[(name.Length + 1)..]);
            }

            if (name.Length == 2 && text.StartsWith(name, StringComparison.Ordinal))
            {
                return (name, text[2..]);
            }

            if (name.Length == 2 && isCluster && letters[^1] == name[1])
            {
                return (name, null);
            }
        }

        return ("", null);
    }

    private static readonly SearchValues<char> Letters = SearchValues.Create(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
    );
}
