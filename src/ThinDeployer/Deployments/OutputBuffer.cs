using System.Buffers;
using System.Globalization;
using System.Text;

namespace ThinDeployer.Deployments;

/// <summary>
/// Keeps the output of a deployment in the order written: all of it up to a limit, beyond that its head and its tail
/// with a line between that says how much was cut out.
/// </summary>
/// <remarks>Not for use by two threads at once.</remarks>
/// <param name="maximumBytes">Bytes kept, an even number.</param>
internal sealed class OutputBuffer(int maximumBytes)
{
    private readonly ArrayBufferWriter<byte> _head = new();

    /// <summary>A ring: the byte written last is the one before <see cref="_tailEnd"/>.</summary>
    private byte[] _tail = [];
    private int _tailEnd;
    private long _total;
    private byte _last = (byte)'\n';

    private int Half => maximumBytes / 2;

    internal void Write(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return;
        }

        _total += bytes.Length;
        _last = bytes[^1];
        var toHead = Math.Min(bytes.Length, Half - _head.WrittenCount);
        _head.Write(bytes[..toHead]);
        WriteTail(bytes[toHead..]);
    }

    /// <summary>Writes a line of its own: one that is not finished yet is ended first.</summary>
    internal void WriteLine(string line)
    {
        EndLine();
        Write(Encoding.UTF8.GetBytes(line + "\n"));
    }

    /// <summary>Ends a line that was begun.</summary>
    internal void EndLine()
    {
        if (_last != (byte)'\n')
        {
            Write("\n"u8);
        }
    }

    /// <summary>The output as text; bytes that are no UTF-8 became U+FFFD.</summary>
    public override string ToString()
    {
        var head = _head.WrittenSpan;
        var cut = Math.Max(0, _total - maximumBytes);
        if (cut == 0)
        {
            return Encoding.UTF8.GetString([.. head, .. TailInOrder()]);
        }

        head = head[..WholeCharacters(head)];
        var tail = TailInOrder();
        tail = tail[PartOfCharacter(tail)..];
        var missing = (_total - head.Length - tail.Length).ToString(CultureInfo.InvariantCulture);
        return $"{Encoding.UTF8.GetString(head)}\n[… {missing} bytes of output left out here …]\n{Encoding.UTF8.GetString(tail)}";
    }

    private void WriteTail(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return;
        }

        if (_tail.Length == 0)
        {
            _tail = new byte[Half];
        }

        // Only the last bytes can stay; copy them in at most two pieces, around the end of the ring.
        bytes = bytes[Math.Max(0, bytes.Length - _tail.Length)..];
        var first = Math.Min(bytes.Length, _tail.Length - _tailEnd);
        bytes[..first].CopyTo(_tail.AsSpan(_tailEnd));
        bytes[first..].CopyTo(_tail);
        _tailEnd = (_tailEnd + bytes.Length) % _tail.Length;
    }

    private byte[] TailInOrder()
    {
        var written = _total - _head.WrittenCount;
        return written < _tail.Length ? _tail[..(int)written] : [.. _tail[_tailEnd..], .. _tail[.._tailEnd]];
    }

    /// <summary>How many bytes, from the start, are whole characters.</summary>
    private static int WholeCharacters(ReadOnlySpan<byte> bytes)
    {
        var start = bytes.Length - 1;
        while (start > bytes.Length - 4 && start > 0 && IsContinuation(bytes[start]))
        {
            start--;
        }

        return start >= 0 && Rune.DecodeFromUtf8(bytes[start..], out _, out _) is OperationStatus.NeedMoreData
            ? start
            : bytes.Length;
    }

    /// <summary>How many bytes, from the start, belong to a character that was cut.</summary>
    private static int PartOfCharacter(ReadOnlySpan<byte> bytes)
    {
        var start = 0;
        while (start < 3 && start < bytes.Length && IsContinuation(bytes[start]))
        {
            start++;
        }

        return start;
    }

    private static bool IsContinuation(byte value) => (value & 0xC0) == 0x80;
}
