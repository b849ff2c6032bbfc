namespace ThinDeployer.Output;

/// <summary>
/// What was read last of an output that is followed. All its followers read through it, so each byte is read from the file
/// once for those who keep up, however many they are.
/// </summary>
internal sealed class OutputBlocks
{
    private const int BlockBytes = 64 * 1024;

    /// <summary>With <see cref="BlockBytes"/> half a mebibyte for each output that is followed.</summary>
    private const int MaximumBlocks = 8;

    private readonly Lock _lock = new();
    private readonly LinkedList<Block> _blocks = new();

    /// <returns>How many bytes; 0 where they are gone.</returns>
    /// <param name="part">In which the position lies.</param>
    /// <param name="position">Of the first byte.</param>
    /// <param name="into">Takes at most so many.</param>
    internal int Read(OutputPart part, long position, Span<byte> into)
    {
        lock (_lock)
        {
            var count = 0;
            while (count < into.Length && position + count < part.End)
            {
                var copied = Copy(part, position + count, into[count..]);
                if (copied == 0)
                {
                    break;
                }

                count += copied;
            }

            return count;
        }
    }

    private int Copy(OutputPart part, long position, Span<byte> into)
    {
        var block = BlockAt(position);
        if (block.Filled.Length == position - block.Start)
        {
            block.Extend(part, position);
        }

        var known = block.Filled[(int)(position - block.Start)..];
        var count = (int)Math.Min(Math.Min(known.Length, into.Length), part.End - position);
        known[..count].CopyTo(into);
        return count;
    }

    /// <summary>The block that has the position, or could have it next; a new one takes the place of the oldest.</summary>
    private Block BlockAt(long position)
    {
        for (var node = _blocks.First; node is not null; node = node.Next)
        {
            if (node.Value.Covers(position))
            {
                return node.Value;
            }
        }

        var block = _blocks.Count < MaximumBlocks ? new Block(new byte[BlockBytes]) : Oldest();
        block.Begin(position);
        _blocks.AddFirst(block);
        return block;
    }

    private Block Oldest()
    {
        var oldest = _blocks.Last!.Value;
        _blocks.RemoveLast();
        return oldest;
    }

    private sealed class Block(byte[] bytes)
    {
        private int _length;

        internal long Start { get; private set; }

        internal ReadOnlySpan<byte> Filled => bytes.AsSpan(0, _length);

        internal bool Covers(long position) =>
            position >= Start && position <= Start + _length && position < Start + bytes.Length;

        internal void Begin(long position)
        {
            Start = position;
            _length = 0;
        }

        /// <param name="part">Has the position.</param>
        /// <param name="position">Right behind what is filled.</param>
        internal void Extend(OutputPart part, long position) => _length += part.Read(position, bytes.AsSpan(_length));
    }
}
