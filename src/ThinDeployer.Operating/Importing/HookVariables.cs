using System.Globalization;
using ThinDeployer.Operating.Writing;
using ThinDeployer.Shell;

namespace ThinDeployer.Operating.Importing;

/// <summary>
/// Makes shell words of the values that a hook passes to its command, and declares the variables that they take. As in
/// webhook, a value that is missing is an empty text, and one may begin with a dash.
/// </summary>
internal sealed class HookVariables(HookSources sources, List<Told> told)
{
    private const string At = "commands";
    private const string Body = "\"$(cat \"$DEPLOYMENT_PAYLOAD_FILE\")\"";
    private const string Empty = "''";

    private readonly Dictionary<(string Key, string Name), string> _names = [];
    private readonly List<WrittenEntry> _declared = [];
    private readonly SortedSet<string> _inherited = new(StringComparer.Ordinal);

    /// <summary>The entries of <c>variables</c>.</summary>
    internal IReadOnlyList<WrittenEntry> Declared => _declared;

    /// <summary>What commands take from the environment of the server.</summary>
    internal IReadOnlyCollection<string> Inherited => _inherited;

    /// <summary>A word for the value; an empty one where there is none.</summary>
    internal string Word(HookValue value)
    {
        if (value.Source == "string")
        {
            return Word(value.Name);
        }

        if (value.Source is "entire-payload" or "raw-request-body")
        {
            if (value.Source == "entire-payload")
            {
                told.Add(
                    new Told(
                        Gravity.Note,
                        value.Place,
                        At,
                        "the whole payload is the body as it came; webhook wrote its JSON anew"
                    )
                );
            }

            return Body;
        }

        if (sources.OfVariable(value, out var refusal) is { } source)
        {
            return $"\"%{NameOf(source)}%\"";
        }

        told.Add(new Told(Gravity.Loss, value.Place, At, $"{value.Shown}, which is empty here; {refusal}"));
        return Empty;
    }

    /// <summary>A word for a text of the hook.</summary>
    internal string Word(HookText text) =>
        text.Parts.Count == 0 ? Empty : string.Concat(text.Parts.Select(part => Word(part)));

    private string Word(TextPart part)
    {
        switch (part)
        {
            case TextPart.Plain(var plain):
                return ShellQuoting.Constant(plain);
            case TextPart.Variable(var name):
                _inherited.Add(name);
                return $"\"${{{name}}}\"";
            default:
                return Empty;
        }
    }

    private string NameOf((string Key, string Name) source)
    {
        if (_names.TryGetValue(source, out var known))
        {
            return known;
        }

        var name = Unique(source.Name);
        _names.Add(source, name);
        _declared.Add(
            new WrittenEntry(
                name,
                Written.MapOf(
                    (source.Key, new Written.Text(source.Name)),
                    ("default", new Written.Text("")),
                    ("allow_dash", new Written.Word("true"))
                )
            )
        );
        return name;
    }

    /// <summary>Near to what the hook calls it, and good for <c>DEPLOY_NAME</c>, where capitals don't count.</summary>
    private string Unique(string wanted)
    {
        var words = string.Concat(wanted.Select(character => char.IsAsciiLetterOrDigit(character) ? character : '_'));
        var name = words.Trim('_') is { Length: > 0 } trimmed ? trimmed : "value";
        name = name[..Math.Min(name.Length, Placeholder.MaxNameLength - 4)];
        name = char.IsAsciiDigit(name[0]) || name == "token" ? $"value_{name}"[..Math.Min(name.Length + 6, 60)] : name;
        var unique = name;
        for (var number = 2; _names.Values.Contains(unique, StringComparer.OrdinalIgnoreCase); number++)
        {
            unique = string.Create(CultureInfo.InvariantCulture, $"{name}_{number}");
        }

        return unique;
    }
}
