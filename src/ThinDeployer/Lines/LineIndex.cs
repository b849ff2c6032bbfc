using System.Buffers;
using ThinDeployer.Output;

namespace ThinDeployer.Lines;

/// <summary>
/// Where the lines of one output are: a place now and then, which grows with the output. However long that is, the index
/// stays small, because the places then come to stand farther apart.
/// </summary>
/// <param name="firstSpacing">Between two places, as long as there are few. Bytes.</param>
internal sealed class LineIndex(long firstSpacing = LineIndex.FirstSpacing)
{
    private const int FirstSpacing = 64 * 1024;

    /// <summary>Bytes that are read at once.</summary>
    private const int ChunkBytes = 64 * 1024;

    /// <summary>Only replaced, so nobody waits for who reads: on a slow disk that takes long.</summary>
    private volatile KnownLines _known = KnownLines.None(firstSpacing);

    internal int Places => _known.Places.Count;

    /// <summary>Brings it up to an output as it is now.</summary>
    /// <param name="content">The output.</param>
    /// <param name="isComplete">Whether it has ended.</param>
    /// <param name="cancellationToken">Ends it; what is done then, need not be done again.</param>
    internal IndexedOutput UpTo(OutputContent content, bool isComplete, CancellationToken cancellationToken)
    {
        var joined = content.Joined();
        var known = _known.Of(OutputShape.Of(content), isComplete);
        using var bytes = new OutputBytes(joined);
        var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Clamp(joined.End - known.Position, 1, ChunkBytes));
        try
        {
            while (bytes.Read(known.Position, buffer) is > 0 and var count)
            {
                cancellationToken.ThrowIfCancellationRequested();
                known = Shared(known.Behind(buffer.AsSpan(0, count)));
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return new IndexedOutput(joined, known.Shape, known.Places.Memory, known.Cursor.Place);
    }

    /// <summary>What another has found meanwhile need not be read again. Who looks at an older output hinders nobody.</summary>
    private KnownLines Shared(KnownLines mine)
    {
        var theirs = _known.Of(mine.Shape, mine.IsComplete);
        if (theirs.Position >= mine.Position)
        {
            return theirs;
        }

        _known = mine;
        return mine;
    }
}
