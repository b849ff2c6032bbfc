namespace ThinDeployer.Lines;

/// <summary>What is known of the lines of an output, from its start up to a position. It never changes.</summary>
/// <param name="Shape">Of the output.</param>
/// <param name="IsComplete">Whether that has ended.</param>
/// <param name="Places">In order, the start first.</param>
/// <param name="Spacing">Between two of them, at least. Bytes.</param>
/// <param name="Cursor">At the position.</param>
internal sealed record KnownLines(
    OutputShape Shape,
    bool IsComplete,
    Checkpoints Places,
    long Spacing,
    LineCursor Cursor
)
{
    /// <summary>At its end an output may tell, in place of its last bytes, that some were lost. That line is shorter. Bytes.</summary>
    private const int MayChangeAtEnd = 4 * 1024;

    internal static KnownLines None(long spacing) =>
        new(OutputShape.None, IsComplete: false, Checkpoints.Start, spacing, new LineCursor(Checkpoint.Start));

    internal long Position => Cursor.Position;

    /// <summary>So much of it as is so of an output at another time, too.</summary>
    internal KnownLines Of(OutputShape shape, bool isComplete)
    {
        var same = Shape.SameAs(shape);
        if (isComplete != IsComplete)
        {
            same = Math.Max(0, Math.Min(same, Position - MayChangeAtEnd));
        }

        if (Position <= same)
        {
            return this with { Shape = shape, IsComplete = isComplete };
        }

        var places = Places.UpTo(same);
        return new KnownLines(shape, isComplete, places, Spacing, new LineCursor(places.Last));
    }

    /// <param name="chunk">What follows.</param>
    internal KnownLines Behind(ReadOnlySpan<byte> chunk)
    {
        // At the beginning of a line no sequence is open.
        var line = chunk.LastIndexOf((byte)'\n') + 1;
        return Passed(chunk[..line]).Passed(chunk[line..]);
    }

    private KnownLines Passed(ReadOnlySpan<byte> bytes)
    {
        var cursor = Cursor;
        cursor.Pass(bytes);
        var known = this with { Cursor = cursor };
        return cursor.Sequence.IsOpen || cursor.Position - Places.Last.Position < Spacing ? known
            : Places.IsFull ? known with { Places = Places.EverySecond(), Spacing = Spacing * 2 }
            : known with { Places = Places.With(cursor.Place) };
    }
}
