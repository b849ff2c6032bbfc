using System.Buffers;
using System.Text;

namespace ThinDeployer.Output;

/// <summary>Keeps a cut from going through the middle of a character.</summary>
internal static class Utf8Border
{
    private const int LongestCharacter = 4;

    /// <summary>Bytes at the end that may be the beginning of a character.</summary>
    internal static int PartAtEnd(ReadOnlySpan<byte> bytes)
    {
        var earliest = Math.Max(0, bytes.Length - LongestCharacter + 1);
        var start = bytes.Length - 1;
        while (start > earliest && IsContinuation(bytes[start]))
        {
            start--;
        }

        return start >= 0 && Rune.DecodeFromUtf8(bytes[start..], out _, out _) is OperationStatus.NeedMoreData
            ? bytes.Length - start
            : 0;
    }

    /// <summary>Bytes at the start that are the rest of a character whose beginning was cut off.</summary>
    internal static int PartAtStart(ReadOnlySpan<byte> bytes)
    {
        var count = 0;
        while (count < Math.Min(LongestCharacter - 1, bytes.Length) && IsContinuation(bytes[count]))
        {
            count++;
        }

        return count;
    }

    /// <summary>Takes the beginning of a character off the end of a file.</summary>
    /// <returns>Bytes taken off.</returns>
    internal static long TrimEnd(FileStream file)
    {
        var end = new byte[(int)Math.Min(LongestCharacter - 1, file.Length)];
        file.Position = file.Length - end.Length;
        file.ReadExactly(end);
        var cut = PartAtEnd(end);
        file.SetLength(file.Length - cut);
        return cut;
    }

    /// <summary>Moves past the rest of a character whose beginning was cut off.</summary>
    /// <returns>Bytes passed.</returns>
    internal static long SkipPart(FileStream file)
    {
        var begin = file.Position;
        var next = new byte[(int)Math.Min(LongestCharacter - 1, file.Length - begin)];
        file.ReadExactly(next);
        var count = PartAtStart(next);
        file.Position = begin + count;
        return count;
    }

    private static bool IsContinuation(byte value) => (value & 0xC0) == 0x80;
}
