using System.Buffers;
using System.Text;
using ThinDeployer.Output;

namespace ThinDeployer.Machines;

/// <summary>Brings the lines of one machine into the output of the whole, each led by the machine's name.</summary>
/// <param name="output">Of the whole.</param>
/// <param name="lead">What stands before each line.</param>
/// <param name="there">So many lines are there already: those of before are passed over.</param>
internal sealed class MachineLines(DeploymentOutput output, string lead, long there)
{
    /// <summary>Bytes; a longer line is divided.</summary>
    private const int LongestLine = 16 * 1024;

    private readonly byte[] _lead = Encoding.UTF8.GetBytes(lead);
    private readonly ArrayBufferWriter<byte> _part = new();
    private readonly ArrayBufferWriter<byte> _ready = new();
    private long _there = there;

    /// <summary>What leads the lines of a machine.</summary>
    /// <param name="machine">Its name.</param>
    /// <param name="width">Characters of the longest name of the rollout.</param>
    internal static string LeadOf(string machine, int width) => machine.PadRight(width) + " | ";

    internal void Write(ReadOnlySpan<byte> bytes)
    {
        while (bytes.IndexOf((byte)'\n') is >= 0 and var end)
        {
            Add(bytes[..end]);
            bytes = bytes[(end + 1)..];
        }

        while (_part.WrittenCount + bytes.Length > LongestLine)
        {
            var room = LongestLine - _part.WrittenCount;
            Add(bytes[..room]);
            bytes = bytes[room..];
        }

        _part.Write(bytes);
        Flush();
    }

    /// <summary>The last line is whole, too.</summary>
    internal void End()
    {
        if (_part.WrittenCount > 0)
        {
            Add([]);
        }

        Flush();
    }

    private void Add(ReadOnlySpan<byte> rest)
    {
        if (_there > 0)
        {
            _there--;
        }
        else
        {
            _ready.Write(_lead);
            _ready.Write(_part.WrittenSpan);
            _ready.Write(rest);
            _ready.Write("\n"u8);
        }

        _part.ResetWrittenCount();
    }

    private void Flush()
    {
        if (_ready.WrittenCount > 0)
        {
            output.Write(_ready.WrittenSpan);
            _ready.ResetWrittenCount();
        }
    }

    /// <summary>How many lines of an output each of some texts leads, which are all of one length.</summary>
    internal static async Task<IReadOnlyDictionary<string, long>> CountAsync(
        OutputContent content,
        IReadOnlyCollection<string> leads
    )
    {
        var counts = leads.ToDictionary(lead => lead, _ => 0L, StringComparer.Ordinal);
        var beginning = new byte[leads.Max(Encoding.UTF8.GetByteCount)];
        var count = 0;
        await OutputReader.ReadAsync(content, Take, CancellationToken.None);
        return counts;

        ValueTask Take(ReadOnlyMemory<byte> piece)
        {
            foreach (var one in piece.Span)
            {
                if (one == (byte)'\n')
                {
                    count = 0;
                }
                else if (count < beginning.Length)
                {
                    beginning[count++] = one;
                    if (
                        count == beginning.Length
                        && Encoding.UTF8.GetString(beginning) is var lead
                        && counts.TryGetValue(lead, out var lines)
                    )
                    {
                        counts[lead] = lines + 1;
                    }
                }
            }

            return ValueTask.CompletedTask;
        }
    }
}
