using System.Text;
using System.Text.RegularExpressions;
using ThinDeployer.Yaml;

namespace ThinDeployer.Operating.Importing;

/// <summary>
/// A hooks file that may be a template of Go (docs/Templates.md of webhook). It is no JSON before it is filled, as in
/// <c>"{{ getenv "NAME" | js }}"</c>: each piece of code is therefore put aside for marks of the same length, so that all
/// else keeps its line and column.
/// </summary>
internal sealed partial class HookTemplate
{
    private const char Mark = '\uE000';
    private const char Filler = '\uE001';
    private const int FirstDigit = 0xE100;
    private const int Digits = 1_024;

    private readonly List<TextPart> _code = [];

    private HookTemplate(string text) => Text = text;

    /// <summary>With marks in place of code.</summary>
    internal string Text { get; private set; }

    /// <param name="file">As named in mistakes.</param>
    /// <param name="text">The whole file.</param>
    /// <param name="problems">Take code that makes more than a value: what it makes is not known.</param>
    internal static HookTemplate Read(string file, string text, Problems problems)
    {
        var template = new HookTemplate(text);
        var found = Action.Matches(text);
        // docker's --format "{{.ID}}" in a file that is no template: nothing in it is code then.
        if (!text.Contains(Mark) && found.Any(action => PartOf(action) is not TextPart.Unknown || IsControl(action)))
        {
            template.Text = Action.Replace(text, action => template.PutAside(action, file, text, problems));
        }

        return template;
    }

    /// <summary>Takes a text of the file apart.</summary>
    internal IReadOnlyList<TextPart> PartsOf(string text)
    {
        var parts = new List<TextPart>();
        var plain = new StringBuilder();
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] == Mark && at + 2 < text.Length && CodeAt(text[at + 1], text[at + 2]) is { } code)
            {
                AddPlain();
                parts.Add(code);
                at += 2;
            }
            else if (text[at] != Filler || _code.Count == 0)
            {
                plain.Append(text[at]);
            }
        }

        AddPlain();
        return parts;

        void AddPlain()
        {
            if (plain.Length > 0)
            {
                parts.Add(new TextPart.Plain(plain.ToString()));
                plain.Clear();
            }
        }
    }

    private string PutAside(Match action, string file, string text, Problems problems)
    {
        if (IsControl(action))
        {
            var before = text.AsSpan(0, action.Index);
            problems.Mistake(
                new Place(file, before.Count('\n') + 1, action.Index - before.LastIndexOf('\n')),
                service: null,
                "template code that makes more than a value can't be read; write what it makes, and try again"
            );
        }

        var number = _code.Count;
        if (action.Value.StartsWith("{{/*", StringComparison.Ordinal) || number >= Digits * Digits)
        {
            return new string(' ', action.Length);
        }

        _code.Add(PartOf(action));
        return $"{Mark}{(char)(FirstDigit + (number / Digits))}{(char)(FirstDigit + (number % Digits))}".PadRight(
            action.Length,
            Filler
        );
    }

    private TextPart? CodeAt(char high, char low) =>
        _code.ElementAtOrDefault(((high - FirstDigit) * Digits) + low - FirstDigit);

    private static bool IsControl(Match action) => Control.IsMatch(action.Groups["code"].Value);

    private static TextPart PartOf(Match action)
    {
        var call = Call.Match(action.Groups["code"].Value);
        var name = call.Groups["name"].Value;
        return call.Groups["function"].Value switch
        {
            "getenv" when VariableName.IsMatch(name) => new TextPart.Variable(name),
            "cat" when IsPath(name) => new TextPart.FileContent(name),
            "credential" when IsPath(name) => new TextPart.FileContent($"${{CREDENTIALS_DIRECTORY}}/{name}"),
            _ => new TextPart.Unknown(),
        };
    }

    /// <summary>One that needs no escapes, neither Go's nor ours.</summary>
    private static bool IsPath(string path) => path.Length > 0 && !path.AsSpan().ContainsAny('\\', '$', '~');

    [GeneratedRegex(@"\{\{-?\s*(?<code>.*?)\s*-?\}\}", RegexOptions.Singleline | RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex Action { get; }

    [GeneratedRegex(
        @"^(if|else|end|range|with|define|template|block|break|continue)\b",
        RegexOptions.ExplicitCapture,
        1_000
    )]
    private static partial Regex Control { get; }

    /// <summary>What only puts a text into quotes for JSON may follow; what changes it may not.</summary>
    [GeneratedRegex(
        """^((?<function>getenv|cat|credential)\s+(?<quote>["`])(?<name>[^"`]*)\k<quote>|(?<quote>["`])(?<name>[^"`]*)\k<quote>\s*\|\s*(?<function>getenv|cat|credential))(\s*\|\s*(js|print|printf\s+"%[sq]"))*$""",
        RegexOptions.ExplicitCapture,
        1_000
    )]
    private static partial Regex Call { get; }

    [GeneratedRegex(@"^[A-Za-z_][A-Za-z0-9_]*\z", RegexOptions.None, 1_000)]
    private static partial Regex VariableName { get; }
}
