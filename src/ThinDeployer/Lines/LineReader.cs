using System.Buffers;

namespace ThinDeployer.Lines;

/// <summary>Reads lines of an output as a person sees them.</summary>
internal sealed class LineReader(IndexedOutput output)
{
    /// <summary>Lines of one answer.</summary>
    internal const int MostLines = 1_000;

    /// <summary>Bytes of one line among others, escape sequences included. What is more is told, and read by <see cref="ReadRest"/>.</summary>
    internal const int MostOfLine = 8 * 1024;

    /// <summary>Bytes of the rest of a line.</summary>
    internal const int MostOfRest = 64 * 1024;

    /// <summary>What an answer weighs beyond its first line. Characters.</summary>
    private const int MostWeight = 256 * 1024;

    private const int BlockBytes = 64 * 1024;

    private readonly LinePainter _painter = new();

    /// <param name="first">From 1.</param>
    /// <param name="count">At most so many, and fewer where they are long.</param>
    internal IReadOnlyList<ShownLine> Read(long first, int count)
    {
        var lines = new List<ShownLine>();
        if (first > output.Total)
        {
            return lines;
        }

        using var blocks = new LineBlocks(output, first, BlockBytes);
        var style = blocks.Style;
        var weight = 0;
        while (blocks.Next())
        {
            var rest = blocks.Lines.Span;
            do
            {
                var start = blocks.Position + blocks.Lines.Length - rest.Length;
                var line = rest.IsEmpty ? PaintLong(blocks, ref style) : PaintFirst(ref rest, first, start, ref style);
                weight += line.Weight;
                if (lines.Count > 0 && weight > MostWeight)
                {
                    return lines;
                }

                lines.Add(line);
                first++;
                if (lines.Count == Math.Min(count, MostLines))
                {
                    return lines;
                }
            } while (!rest.IsEmpty);
        }

        return lines;
    }

    /// <summary>What of a line was not shown.</summary>
    /// <param name="number">Of one that there is.</param>
    /// <param name="from">As <see cref="ShownLine.Next"/>.</param>
    internal ShownLine ReadRest(long number, long from)
    {
        using var bytes = output.Open();
        var start = output.AtLine(bytes, number).Position;
        var (visible, end) = VisiblePart.Of(bytes, start, output.EndOf(bytes, number));
        var at = Math.Clamp(start + Math.Min(from, output.End), visible, end);
        return Paint(bytes, output.At(bytes, at), number, start, end, MostOfRest);
    }

    private ShownLine PaintFirst(ref ReadOnlySpan<byte> lines, long number, long position, ref TextStyle style)
    {
        var length = lines.IndexOf((byte)'\n');
        var line = length < 0 ? lines : lines[..length];
        lines = length < 0 ? default : lines[(length + 1)..];
        var (start, end) = VisiblePart.Of(line);
        var cursor = new LineCursor(Checkpoint.Start with { Position = position, Style = style });
        cursor.Pass(line[..start]);
        var shown = Paint(line[start..end], cursor, number, position, position + end, MostOfLine);
        cursor.Pass(line[start..]);
        style = cursor.Place.Style;
        return shown;
    }

    private ShownLine PaintLong(LineBlocks blocks, ref TextStyle style)
    {
        var (bytes, start) = (blocks.Bytes, blocks.Position);
        var (visible, end) = VisiblePart.Of(bytes, start, output.EndOf(bytes, blocks.Number));
        style = output.At(bytes, blocks.NextPosition).Place.Style;
        return Paint(bytes, output.At(bytes, visible), blocks.Number, start, end, MostOfLine);
    }

    private ShownLine Paint(OutputBytes bytes, LineCursor at, long number, long start, long end, int most)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(most);
        try
        {
            var wanted = (int)Math.Min(most, end - at.Position);
            var count = bytes.Read(at.Position, buffer.AsSpan(0, wanted));
            return Paint(buffer.AsSpan(0, count), at, number, start, end, most);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <param name="visible">At least as much as is shown.</param>
    /// <param name="at">Where that begins.</param>
    /// <param name="number">Of the line.</param>
    /// <param name="start">Of the line.</param>
    /// <param name="end">Of what is visible of the line.</param>
    /// <param name="most">Bytes that are shown.</param>
    private ShownLine Paint(ReadOnlySpan<byte> visible, LineCursor at, long number, long start, long end, int most)
    {
        var shown = visible[..Math.Min(visible.Length, most)];
        var isWhole = at.Position + shown.Length == end;
        var tokens = new LineTokens(shown, isWhole, at.Sequence, at.Place.Style);
        _painter.Paint(ref tokens);
        var next = at.Position + tokens.Position;
        return new ShownLine(number, start, _painter.Pieces(isWhole), next - start, end - next);
    }
}
