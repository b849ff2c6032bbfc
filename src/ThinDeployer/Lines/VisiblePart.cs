using System.Buffers;

namespace ThinDeployer.Lines;

/// <summary>
/// What is left of a line that a program writes over by carriage returns, as progress bars do: what stands behind the last of
/// them. One at the end of the line writes nothing over.
/// </summary>
internal static class VisiblePart
{
    private const byte Return = (byte)'\r';
    private const int ChunkBytes = 64 * 1024;

    /// <param name="line">Without its line feed.</param>
    internal static (int Start, int End) Of(ReadOnlySpan<byte> line)
    {
        var end = line.TrimEnd(Return).Length;
        return (line[..end].LastIndexOf(Return) + 1, end);
    }

    /// <summary>The same, of a line that is too long to be read at once: from its end on.</summary>
    internal static (long Start, long End) Of(OutputBytes bytes, long start, long end)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(ChunkBytes);
        try
        {
            long? trimmed = null;
            while (end > start)
            {
                var from = Math.Max(start, end - ChunkBytes);
                var chunk = buffer.AsSpan(0, (int)(end - from));
                chunk = chunk[..bytes.Read(from, chunk)];
                if (trimmed is null && chunk.TrimEnd(Return).Length is > 0 and var length)
                {
                    trimmed = from + length;
                    chunk = chunk[..length];
                }

                if (trimmed is { } known && chunk.LastIndexOf(Return) is >= 0 and var last)
                {
                    return (from + last + 1, known);
                }

                end = from;
            }

            return (start, trimmed ?? start);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
