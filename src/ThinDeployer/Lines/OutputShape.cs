using System.Text;
using ThinDeployer.Output;

namespace ThinDeployer.Lines;

/// <summary>
/// Which bytes an output had: what is cut out of its middle meanwhile changes all that follows, and its numbers.
/// </summary>
/// <param name="parts">Where each begins and ends in the whole output.</param>
internal sealed class OutputShape((long Start, long End)[] parts)
{
    internal static OutputShape None { get; } = new([]);

    internal static OutputShape Of(OutputContent content) =>
        new([.. content.Parts.Select(part => (part.Start, part.End))]);

    /// <summary>Bytes at the beginning of <see cref="OutputContent.Joined"/> that are the same in both.</summary>
    internal long SameAs(OutputShape later) => SameAs(later.Ranges);

    private (long Start, long End)[] Ranges => parts;

    private long SameAs((long Start, long End)[] later)
    {
        var same = 0L;
        var end = 0L;
        foreach (var (before, after) in parts.Zip(later))
        {
            if (before.Start != after.Start)
            {
                break;
            }

            same += GapBytes(after.Start - end) + Math.Min(before.End, after.End) - after.Start;
            end = after.End;
            if (before.End != after.End)
            {
                break;
            }
        }

        return same;
    }

    /// <summary>Where a byte of the whole output stands in <see cref="OutputContent.Joined"/>: what was cut out, in its line.</summary>
    internal long Joined(long position)
    {
        var joined = 0L;
        var end = 0L;
        foreach (var part in parts)
        {
            if (position < part.Start)
            {
                // Before the line stands a line feed, which ends the one that was cut through.
                return joined + (part.Start > end ? 1 : 0);
            }

            joined += GapBytes(part.Start - end);
            if (position < part.End)
            {
                return joined + position - part.Start;
            }

            joined += part.End - part.Start;
            end = part.End;
        }

        return joined;
    }

    /// <summary>As <see cref="Joined"/> the other way: of the line that tells of a gap, where the gap begins.</summary>
    internal long Whole(long joined)
    {
        var start = 0L;
        var end = 0L;
        foreach (var part in parts)
        {
            start += GapBytes(part.Start - end);
            if (joined < start)
            {
                return end;
            }

            var length = part.End - part.Start;
            if (joined < start + length)
            {
                return part.Start + joined - start;
            }

            start += length;
            end = part.End;
        }

        return end;
    }

    private static long GapBytes(long gap) => gap > 0 ? Encoding.UTF8.GetByteCount(OutputContent.CutLine(gap)) : 0;
}
