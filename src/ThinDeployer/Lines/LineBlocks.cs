using System.Buffers;

namespace ThinDeployer.Lines;

/// <summary>Goes through the lines of an output, as many whole ones at a time as are at hand. One that is too long for that is not read.</summary>
internal sealed class LineBlocks : IDisposable
{
    private readonly IndexedOutput _output;
    private readonly int _size;
    private readonly byte[] _buffer;

    /// <param name="output">Whose lines.</param>
    /// <param name="first">The number of the first one, which there is.</param>
    /// <param name="size">Bytes read at once.</param>
    internal LineBlocks(IndexedOutput output, long first, int size)
    {
        _output = output;
        _size = size;
        _buffer = ArrayPool<byte>.Shared.Rent(size);
        Bytes = output.Open();
        var start = output.AtLine(Bytes, first).Place;
        Style = start.Style;
        NextPosition = start.Position;
        NextNumber = first;
    }

    /// <summary>Of the whole output.</summary>
    internal OutputBytes Bytes { get; }

    /// <summary>Of the very first line.</summary>
    internal TextStyle Style { get; }

    /// <summary>Of the first line of the block.</summary>
    internal long Number { get; private set; }

    /// <summary>Where the block begins.</summary>
    internal long Position { get; private set; }

    /// <summary>Whole lines with their line feeds; empty for one that is too long.</summary>
    internal ReadOnlyMemory<byte> Lines { get; private set; }

    /// <summary>Where the next block begins.</summary>
    internal long NextPosition { get; private set; }

    private long NextNumber { get; set; }

    /// <summary>False at the end.</summary>
    internal bool Next()
    {
        Position = NextPosition;
        Number = NextNumber;
        var count = Bytes.Read(Position, _buffer.AsSpan(0, (int)Math.Min(_size, _output.End - Position)));
        if (count == 0)
        {
            return false;
        }

        var read = _buffer.AsSpan(0, count);
        var whole = Position + count == _output.End ? count : read.LastIndexOf((byte)'\n') + 1;
        Lines = _buffer.AsMemory(0, whole);
        NextPosition = whole > 0 ? Position + whole : Math.Min(_output.End, _output.EndOf(Bytes, Number) + 1);
        NextNumber = Number + (whole > 0 ? read[..whole].Count((byte)'\n') : 1);
        return true;
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        Bytes.Dispose();
    }
}
