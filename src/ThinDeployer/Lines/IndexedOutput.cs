using System.Buffers;
using ThinDeployer.Output;

namespace ThinDeployer.Lines;

/// <summary>An output at one moment, and where its lines are. It never changes; but files may go, and then has an end before.</summary>
/// <param name="joined">Without gaps.</param>
/// <param name="shape">Of the whole output.</param>
/// <param name="places">Known ones, in order, from the start on.</param>
/// <param name="end">The last known one.</param>
internal sealed class IndexedOutput(
    OutputContent joined,
    OutputShape shape,
    ReadOnlyMemory<Checkpoint> places,
    Checkpoint end
)
{
    private const int ChunkBytes = 64 * 1024;

    /// <summary>Lines. The last one counts if it has a byte.</summary>
    internal long Total => end.Breaks + (end.IsLineStart ? 0 : 1);

    /// <summary>Bytes.</summary>
    internal long End => end.Position;

    internal OutputBytes Open() => new(joined);

    /// <summary>The number of the line in which a byte of the whole output stands, or of the gap which has it.</summary>
    /// <param name="position">As steps and events count: with what was cut out.</param>
    internal long LineOf(long position)
    {
        using var bytes = Open();
        return At(bytes, Math.Min(shape.Joined(position), End)).Place.Breaks + 1;
    }

    /// <summary>At the beginning of a line that there is.</summary>
    /// <param name="number">From 1.</param>
    internal LineCursor AtLine(OutputBytes bytes, long number)
    {
        var breaks = number - 1;
        var found = FirstWhere(place => place.Breaks >= breaks);
        var from = found < places.Length ? places.Span[found] : end;
        if (from.Breaks != breaks || !from.IsLineStart)
        {
            from = places.Span[found - 1];
        }

        var cursor = new LineCursor(from);
        var missing = breaks - from.Breaks;
        return missing > 0 ? Pass(bytes, cursor, End, missing) : cursor;
    }

    /// <summary>Where a line begins in the whole output, as steps and times count.</summary>
    internal long PositionOf(ShownLine line) => shape.Whole(line.Position);

    /// <summary>At a byte without gaps.</summary>
    internal LineCursor At(OutputBytes bytes, long position)
    {
        var from = places.Span[FirstWhere(place => place.Position > position) - 1];
        return Pass(bytes, new LineCursor(from), position, long.MaxValue);
    }

    /// <summary>Behind the last byte of a line, without its line feed.</summary>
    internal long EndOf(OutputBytes bytes, long number) =>
        number > end.Breaks ? End : AtLine(bytes, number + 1).Position - 1;

    /// <summary>Goes on to a position, or behind so many line feeds, whatever comes first.</summary>
    private static LineCursor Pass(OutputBytes bytes, LineCursor cursor, long position, long breaks)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(ChunkBytes);
        try
        {
            while (breaks > 0 && cursor.Position < position)
            {
                var wanted = (int)Math.Min(ChunkBytes, position - cursor.Position);
                var count = bytes.Read(cursor.Position, buffer.AsSpan(0, wanted));
                if (count == 0)
                {
                    break;
                }

                var passed = UpToBreak(buffer.AsSpan(0, count), ref breaks);
                cursor.Pass(buffer.AsSpan(0, passed));
            }

            return cursor;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Bytes up to the wanted line feed, or all.</summary>
    private static int UpToBreak(ReadOnlySpan<byte> chunk, ref long breaks)
    {
        var all = chunk.Count((byte)'\n');
        if (all < breaks)
        {
            breaks -= all;
            return chunk.Length;
        }

        var passed = 0;
        for (; breaks > 0; breaks--)
        {
            passed += chunk[passed..].IndexOf((byte)'\n') + 1;
        }

        return passed;
    }

    /// <summary>The number of the first place of which something is so that is so of all behind it, too.</summary>
    private int FirstWhere(Func<Checkpoint, bool> isSo)
    {
        var (low, high) = (0, places.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = isSo(places.Span[middle]) ? (low, middle) : (middle + 1, high);
        }

        return low;
    }
}
