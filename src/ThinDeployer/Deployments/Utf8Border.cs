using System.Buffers;
using System.Text;

namespace ThinDeployer.Deployments;

/// <summary>Keeps a cut from going through the middle of a character.</summary>
internal static class Utf8Border
{
    private const int LongestCharacter = 4;

    /// <summary>Takes the beginning of a character off the end of a file.</summary>
    /// <returns>Bytes taken off.</returns>
    internal static long TrimEnd(FileStream file)
    {
        var end = new byte[(int)Math.Min(LongestCharacter - 1, file.Length)];
        file.Position = file.Length - end.Length;
        file.ReadExactly(end);
        var start = end.Length - 1;
        while (start > 0 && IsContinuation(end[start]))
        {
            start--;
        }

        if (start < 0 || Rune.DecodeFromUtf8(end.AsSpan(start), out _, out _) is not OperationStatus.NeedMoreData)
        {
            return 0;
        }

        var cut = end.Length - start;
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
        var count = next.TakeWhile(IsContinuation).Count();
        file.Position = begin + count;
        return count;
    }

    private static bool IsContinuation(byte value) => (value & 0xC0) == 0x80;
}
