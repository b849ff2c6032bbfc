using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace ThinDeployer.Operating.Writing;

/// <summary>Quotes texts so that a reader of YAML, ours or another, has them back as they are.</summary>
internal static partial class YamlQuoting
{
    /// <summary>Readers of YAML 1.1 take these for something else than a text.</summary>
    private static readonly HashSet<string> Words = new(StringComparer.OrdinalIgnoreCase)
    {
        "null",
        "true",
        "false",
        "yes",
        "no",
        "on",
        "off",
        "y",
        "n",
    };

    /// <param name="text">Any text.</param>
    /// <param name="isInFlow">Whether it stands within brackets or is a key, where a plain text has fewer characters.</param>
    internal static string Scalar(string text, bool isInFlow)
    {
        if (
            Address.IsMatch(text)
            || ((isInFlow ? PlainInFlow : Plain).IsMatch(text) && !Words.Contains(text) && !Number.IsMatch(text))
        )
        {
            return text;
        }

        return text.Any(NeedsEscape) ? Escaped(text) : $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
    }

    /// <summary>Several lines as they are, behind <c>|-</c>; null for what can't be written so.</summary>
    internal static string? Block(string text, string indent)
    {
        var lines = text.Split('\n');
        return
            lines.Length > 1
            && lines.All(line => line.Length > 0 && !char.IsWhiteSpace(line[^1]) && !line.Any(NeedsEscape))
            && !char.IsWhiteSpace(lines[0][0])
            ? $"|-\n{string.Concat(lines.Select(line => $"{indent}{line}\n"))}"
            : null;
    }

    private static bool NeedsEscape(char character) =>
        char.IsControl(character)
        || character is '\u2028' or '\u2029' or '\uFEFF' or '\uFFFE' or '\uFFFF'
        || char.GetUnicodeCategory(character) is UnicodeCategory.Format;

    private static string Escaped(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var character in text)
        {
            _ = character switch
            {
                '"' or '\\' => quoted.Append('\\').Append(character),
                '\n' => quoted.Append(@"\n"),
                '\t' => quoted.Append(@"\t"),
                '\r' => quoted.Append(@"\r"),
                _ when NeedsEscape(character) => quoted.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:X4}"),
                _ => quoted.Append(character),
            };
        }

        return quoted.Append('"').ToString();
    }

    /// <summary>What nobody has to think about: no colon or number sign that could end it.</summary>
    [GeneratedRegex(@"^[A-Za-z/.][A-Za-z0-9 ""%$+./=@_|<>;()&*'-]*(?<! )\z", RegexOptions.None, 1_000)]
    private static partial Regex Plain { get; }

    [GeneratedRegex(@"^[A-Za-z/._][A-Za-z0-9%+./=@_-]*\z", RegexOptions.None, 1_000)]
    private static partial Regex PlainInFlow { get; }

    [GeneratedRegex(@"^\d+\.\d+\.\d+\.\d+(/\d+)?\z", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Address { get; }

    /// <summary><c>.5</c>, <c>.inf</c> and <c>...</c>.</summary>
    [GeneratedRegex(@"^\.[\d.]|^\.(inf|nan)\z", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Number { get; }
}
