using System.Text;

namespace ThinDeployer.Lines;

/// <summary>Text as a terminal would have left it, without colours: for places that know none.</summary>
internal static class SeenText
{
    internal static string Of(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text).AsSpan();
        var plain = new StringBuilder(text.Length);
        var painter = new LinePainter();
        while (!bytes.IsEmpty)
        {
            var length = bytes.IndexOf((byte)'\n');
            var line = length < 0 ? bytes : bytes[..length];
            var (start, end) = VisiblePart.Of(line);
            var tokens = new LineTokens(line[start..end], isFinal: true, sequence: default, style: default);
            painter.Paint(ref tokens);
            plain.Append(painter.Text);
            if (length < 0)
            {
                break;
            }

            plain.Append('\n');
            bytes = bytes[(length + 1)..];
        }

        return plain.ToString();
    }
}
