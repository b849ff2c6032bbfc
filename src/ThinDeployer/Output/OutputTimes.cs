using System.Runtime.InteropServices;

namespace ThinDeployer.Output;

/// <summary>When the bytes of an output came, as closely as it was noted. It never changes.</summary>
/// <param name="marks">In order of both.</param>
internal sealed class OutputTimes(OutputTime[] marks)
{
    /// <summary>An output that came sooner than this is not worth a word.</summary>
    private const long ShortestKept = OutputClock.ShortestDistance;

    /// <summary>TimeSpan has no room for more. Milliseconds.</summary>
    private const long Longest = long.MaxValue / TimeSpan.TicksPerMillisecond;

    private const int BitsOfByte = 7;
    private const byte HasMore = 1 << BitsOfByte;

    internal static OutputTimes None { get; } = new([]);

    internal ReadOnlySpan<OutputTime> Marks => marks;

    /// <summary>
    /// When the byte at a position came, since the start of the deployment: not before, and soon after. Null where that was
    /// not noted.
    /// </summary>
    /// <param name="position">Counts all bytes ever written, with what was cut out.</param>
    internal TimeSpan? At(long position)
    {
        var (low, high) = (0, marks.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = marks[middle].Position <= position ? (middle + 1, high) : (low, middle);
        }

        return low == 0 ? null : TimeSpan.FromMilliseconds(marks[low - 1].Milliseconds);
    }

    /// <summary>
    /// As the record keeps it: how far each mark is from the one before, its position and its milliseconds, each seven bits a
    /// byte, the lowest first. Null where all came at once.
    /// </summary>
    internal byte[]? Encoded()
    {
        if (marks.Length == 0 || marks[^1].Milliseconds < ShortestKept)
        {
            return null;
        }

        var bytes = new List<byte>();
        var before = default(OutputTime);
        foreach (var mark in marks)
        {
            Write(bytes, mark.Position - before.Position);
            Write(bytes, mark.Milliseconds - before.Milliseconds);
            before = mark;
        }

        return [.. bytes];
    }

    /// <summary>Of what is damaged, so much as makes sense.</summary>
    internal static OutputTimes Decode(ReadOnlySpan<byte> encoded)
    {
        var marks = new List<OutputTime>();
        var last = default(OutputTime);
        while (
            Read(ref encoded) is { } position
            && Read(ref encoded) is { } time
            && position <= long.MaxValue - last.Position
            && time <= Longest - last.Milliseconds
        )
        {
            last = new OutputTime(last.Position + position, last.Milliseconds + time);
            marks.Add(last);
        }

        return marks.Count == 0 ? None : new OutputTimes([.. marks]);
    }

    private static void Write(List<byte> bytes, long number)
    {
        for (; number >= HasMore; number >>= BitsOfByte)
        {
            bytes.Add((byte)(number | HasMore));
        }

        bytes.Add((byte)number);
    }

    /// <summary>Null at the end, and for more than a long holds.</summary>
    private static long? Read(ref ReadOnlySpan<byte> bytes)
    {
        var number = 0L;
        for (var shift = 0; shift < BitsOfByte * 9 && !bytes.IsEmpty; shift += BitsOfByte)
        {
            var next = bytes[0];
            bytes = bytes[1..];
            number |= (long)(next & ~HasMore) << shift;
            if (next < HasMore)
            {
                return number;
            }
        }

        return null;
    }
}

/// <summary>What stands from a position on came then, or later.</summary>
/// <param name="Position">In an output.</param>
/// <param name="Milliseconds">Since the start of the deployment.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct OutputTime(long Position, long Milliseconds);
