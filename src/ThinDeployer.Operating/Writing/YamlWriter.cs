using System.Text;

namespace ThinDeployer.Operating.Writing;

/// <summary>Writes YAML that a person goes on with: small maps on one line, others a key a line.</summary>
internal static class YamlWriter
{
    /// <summary>Characters of a map or a list that still stands on one line.</summary>
    private const int LongestLine = 90;

    private const string Step = "  ";

    /// <summary>A key with its value, each line ended, all indented.</summary>
    /// <param name="key">Any text.</param>
    /// <param name="value">What belongs to it.</param>
    /// <param name="indent">Before each line.</param>
    /// <param name="isTall">Whether each item of a list has a line of its own, however short it is.</param>
    internal static string Entry(string key, Written value, string indent, bool isTall = false)
    {
        var text = new StringBuilder();
        WriteEntry(text, key, value, indent, isTall);
        return text.ToString();
    }

    private static void WriteEntry(StringBuilder text, string key, Written value, string indent, bool isTall = false)
    {
        text.Append(indent).Append(YamlQuoting.Scalar(key, isInFlow: true)).Append(':');
        WriteValue(text, value, indent, indent + Step, isTall);
    }

    /// <param name="text">Ends behind a colon or a dash.</param>
    /// <param name="value">What is written there.</param>
    /// <param name="indent">Of the line.</param>
    /// <param name="below">The indentation of the lines below.</param>
    /// <param name="isTall">As of <see cref="Entry"/>.</param>
    private static void WriteValue(StringBuilder text, Written value, string indent, string below, bool isTall = false)
    {
        switch (value)
        {
            case Written.Text(var words) when YamlQuoting.Block(words, below) is { } block:
                text.Append(' ').Append(block);
                break;
            case Written.Text(var words):
                text.Append(' ').Append(YamlQuoting.Scalar(words, isInFlow: false)).Append('\n');
                break;
            case var small when !isTall && OnOneLine(small) is { } line && indent.Length + line.Length <= LongestLine:
                text.Append(' ').Append(line).Append('\n');
                break;
            case Written.List(var items):
                text.Append('\n');
                foreach (var item in items)
                {
                    WriteItem(text, item, below);
                }

                break;
            case Written.Map(var entries):
                text.Append('\n');
                foreach (var entry in entries)
                {
                    WriteEntry(text, entry.Key, entry.Value, below);
                }

                break;
        }
    }

    private static void WriteItem(StringBuilder text, Written item, string indent)
    {
        text.Append(indent).Append('-');
        if (
            item is Written.Map(var entries)
            && (OnOneLine(item) is not { } line || indent.Length + line.Length > LongestLine)
        )
        {
            // The first key stands behind the dash.
            var inner = new StringBuilder();
            foreach (var entry in entries)
            {
                WriteEntry(inner, entry.Key, entry.Value, indent + Step);
            }

            text.Append(' ').Append(inner, indent.Length + Step.Length, inner.Length - indent.Length - Step.Length);
            return;
        }

        WriteValue(text, item, indent, indent + Step);
    }

    /// <summary>Null for what nests further than a rule with its values, and for commands, which stand one a line.</summary>
    private static string? OnOneLine(Written value) =>
        value switch
        {
            Written.Text(var words) => YamlQuoting.Scalar(words, isInFlow: true),
            Written.Word(var word) => word,
            Written.List(var items) when items.All(item => item is Written.Text) =>
                $"[{string.Join(", ", items.Select(OnOneLine))}]",
            Written.Map(var entries)
                when !entries.Any(entry => entry.Value is Written.Map) && Inside(entries) is { } all =>
                $"{{ {string.Join(", ", all)} }}",
            _ => null,
        };

    private static List<string>? Inside(IReadOnlyList<WrittenEntry> entries)
    {
        var lines = new List<string>();
        foreach (var entry in entries)
        {
            if (OnOneLine(entry.Value) is not { } line)
            {
                return null;
            }

            lines.Add($"{YamlQuoting.Scalar(entry.Key, isInFlow: true)}: {line}");
        }

        return lines;
    }
}
