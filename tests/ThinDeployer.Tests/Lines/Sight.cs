using System.Globalization;
using System.Text;
using ThinDeployer.Lines;
using ThinDeployer.Output;

namespace ThinDeployer.Tests.Lines;

/// <summary>Outputs in memory, and what is seen of them, as texts that a test can compare.</summary>
internal static class Sight
{
    internal static IndexedOutput Of(string output) => Of(Encoding.UTF8.GetBytes(output));

    internal static IndexedOutput Of(byte[] output) => new LineIndex().UpTo(OutputContent.Of(output), true, default);

    /// <summary>The whole text of each line, as far as it is shown.</summary>
    internal static string[] Texts(IndexedOutput output) => [.. Read(output).Select(Text)];

    internal static string Text(ShownLine line) => string.Concat(line.Pieces.Select(piece => piece.Text));

    /// <summary>All lines, however many answers that takes.</summary>
    internal static List<ShownLine> Read(IndexedOutput output)
    {
        var lines = new List<ShownLine>();
        while (lines.Count < output.Total)
        {
            lines.AddRange(new LineReader(output).Read(lines.Count + 1, LineReader.MostLines));
        }

        return lines;
    }

    /// <summary>Such as <c>plain&lt;bold 1 on #ff0000|text></c>.</summary>
    internal static string Drawn(string output) => Drawn(Assert.Single(Read(Of(output))));

    internal static string Drawn(ShownLine line) => string.Concat(line.Pieces.Select(Drawn));

    private static string Drawn(ShownPiece piece)
    {
        string[] facts =
        [
            piece.Looks == Looks.None
                ? ""
                : piece.Looks.ToString().ToLowerInvariant().Replace(", ", "+", StringComparison.Ordinal),
            ColorOf(piece.Foreground),
            piece.Background.IsOwn ? "" : "on " + ColorOf(piece.Background),
        ];
        var look = string.Join(' ', facts.Where(fact => fact.Length > 0));
        return look.Length == 0 ? piece.Text : $"<{look}|{piece.Text}>";
    }

    private static string ColorOf(TextColor color) =>
        color.IsOwn ? "" : color.Number?.ToString(CultureInfo.InvariantCulture) ?? color.Hex;
}
