using System.Text;
using System.Text.RegularExpressions;
using ThinDeployer.Yaml;

namespace ThinDeployer.Operating.Diagnosis;

/// <summary>
/// A line of a configuration as it may be shown, and where a place in it has gone. What is not known to be harmless becomes
/// three stars, however long it is.
/// </summary>
internal sealed partial record MaskedLine(string Text, int At)
{
    private const string SecretWord = "(token|secret|passw(or)?d|passphrase|credential|api-?key|authorization)";

    /// <summary>What the shell fills in itself is no secret.</summary>
    private const string Value = "(?![$%])(?<hidden>[^\\s\"']+)";

    /// <param name="line">As written.</param>
    /// <param name="texts">What may be shown of it, from left to right.</param>
    /// <param name="at">An index in it; beyond the end counts as the end.</param>
    internal static MaskedLine Of(string line, IReadOnlyList<YamlText> texts, int at)
    {
        var isShown = new bool[line.Length];
        var end = 0;
        foreach (var text in texts)
        {
            var start = text.Place.Column - 1;
            if (start < end || Extent(line, start, text) is not (> 0 and var length))
            {
                continue;
            }

            var gap = line[end..start];
            Mark(isShown, start - (IsStructure(gap) ? gap.Length : CommaAtEnd.Match(gap).Length), start);
            Mark(isShown, start, start + length);
            Hide(isShown, start, line.Substring(start, length));
            end = start + length + Colon.Match(line, start + length, line.Length - start - length).Length;
            Mark(isShown, start + length, end);
        }

        if (texts.Count == 0)
        {
            Mark(isShown, 0, end = KnownBeginning(line));
        }

        var whole = Comment.Match(line, end) is { Success: true } comment
            ? line[..(comment.Index + comment.Length - 1)].TrimEnd()
            : line;
        if (end < whole.Length && IsStructure(whole[end..]))
        {
            Mark(isShown, end, whole.Length);
        }

        return Written(whole, isShown, at);
    }

    private static MaskedLine Written(string line, bool[] isShown, int at)
    {
        var written = new StringBuilder();
        var column = -1;
        for (var i = 0; i < line.Length; i++)
        {
            column = i == at ? written.Length : column;
            if (isShown[i] || char.IsWhiteSpace(line[i]))
            {
                written.Append(line[i]);
                continue;
            }

            var start = written.Length;
            var last = EndOfHidden(line, isShown, i);
            column = at > i && at < last ? start : column;
            written.Append(Masking.Stars);
            i = last - 1;
        }

        return new MaskedLine(written.ToString(), column < 0 ? written.Length : column);
    }

    /// <summary>Blanks inside of what is hidden are hidden with it.</summary>
    private static int EndOfHidden(string line, bool[] isShown, int from)
    {
        var end = from;
        while (end < line.Length && !isShown[end])
        {
            end++;
        }

        return from + line[from..end].TrimEnd().Length;
    }

    /// <summary>The end of how a text is written in a line; 0 where it is not there as expected.</summary>
    private static int Extent(string line, int start, YamlText text)
    {
        if (start >= line.Length)
        {
            return 0;
        }

        var rest = line[start..];
        if (text.IsQuoted)
        {
            return Quoted.Match(rest).Length;
        }

        var plain = rest.TrimEnd();
        return text.Text.Length == 0 ? Nothing.Match(rest).Length
            : rest.StartsWith(text.Text, StringComparison.Ordinal) ? text.Text.Length
            // The first line of a longer text.
            : text.Text.StartsWith(plain, StringComparison.Ordinal) ? plain.Length
            : 0;
    }

    /// <summary>Of a line that the tree does not know, for example because it has a syntax mistake.</summary>
    private static int KnownBeginning(string line)
    {
        var key = Key.Match(line);
        return
            key.Success
            && (key.Index + key.Groups["name"].Index == 0 || ShownTexts.IsKnownKey(key.Groups["name"].Value))
            ? key.Length
            : Items.Match(line).Length;
    }

    /// <summary>A command may hold a secret of its own.</summary>
    private static void Hide(bool[] isShown, int offset, string text)
    {
        foreach (Match secret in InlineSecret.Matches(text))
        {
            var hidden = secret.Groups["hidden"];
            Array.Fill(isShown, false, offset + hidden.Index, hidden.Length);
        }
    }

    private static void Mark(bool[] isShown, int start, int end) => Array.Fill(isShown, true, start, end - start);

    private static bool IsStructure(string text) => Structure.IsMatch(text);

    [GeneratedRegex(@"^[\s,\[\]{}?:-]*$", RegexOptions.None, 1_000)]
    private static partial Regex Structure { get; }

    [GeneratedRegex(@",?\s+$", RegexOptions.None, 1_000)]
    private static partial Regex CommaAtEnd { get; }

    [GeneratedRegex(@"\G\s*:(?=\s|$)\s*", RegexOptions.None, 1_000)]
    private static partial Regex Colon { get; }

    [GeneratedRegex(@"\G[\s,\[\]{}]*(?<=\s)#", RegexOptions.None, 1_000)]
    private static partial Regex Comment { get; }

    /// <summary>Up to the closing quote, or to the end of the line; of a block, only what begins it.</summary>
    [GeneratedRegex("""^("([^"\\]|\\.)*("|\\?$)|'([^']|'')*('|$)|[|>][0-9+-]*)""", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Quoted { get; }

    [GeneratedRegex("^(~|null|Null|NULL)", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Nothing { get; }

    [GeneratedRegex(@"^\s*(-\s+)*", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Items { get; }

    [GeneratedRegex(@"^\s*(-\s+)*(?<name>[A-Za-z0-9._-]{1,128})\s*:(?=\s|$)\s*", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Key { get; }

    [GeneratedRegex(
        $"{SecretWord}[\\w-]*[\"']?\\s*[:=]\\s*[\"']?((bearer|basic|token)\\s+)?{Value}"
            + $"|--?[\\w-]*{SecretWord}\\s+[\"']?{Value}"
            + $"|\\b(bearer|basic)\\s+[\"']?{Value}"
            + @"|://[^\s/@:]*:(?<hidden>[^\s/@]+)@",
        RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase,
        1_000
    )]
    private static partial Regex InlineSecret { get; }
}
