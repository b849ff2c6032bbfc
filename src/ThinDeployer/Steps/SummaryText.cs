using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using ThinDeployer.Security;
using ThinDeployer.Yaml;

namespace ThinDeployer.Steps;

/// <summary>What steps wrote for people to see: bounded, masked, and with nothing in it that would steer a terminal.</summary>
internal static partial class SummaryText
{
    /// <summary>Bytes that are read, and that are kept.</summary>
    internal const int MaximumBytes = 64 * 1024;

    /// <summary>
    /// Of files one behind the other. What is not a regular file, and a link, is passed over: who wrote may have put
    /// anything there.
    /// </summary>
    /// <returns>Null where they hold nothing but blanks.</returns>
    internal static string? Of(IEnumerable<string> paths, SecretMask secrets)
    {
        byte[] read = [];
        var total = 0L;
        foreach (var path in paths)
        {
            total += Read(path, ref read);
        }

        return total == 0 ? null : Of(read, total, secrets);
    }

    /// <summary>One behind the other, as one.</summary>
    internal static string? Joined(string? before, string? now)
    {
        if (before is null || now is null)
        {
            return before ?? now;
        }

        var (first, missing) = Parted(before);
        var (more, further) = Parted(now);
        var end = missing > 0 || first.EndsWith('\n') ? "" : "\n";
        var all = Encoding.UTF8.GetBytes(first + end + more);
        // Behind a cut nothing stands, as if it were one text.
        var read = missing > 0 ? all.AsSpan(0, Encoding.UTF8.GetByteCount(first)) : all;
        return Of(read, all.Length + missing + further, SecretMask.Nothing);
    }

    /// <returns>A text without what was told of its cut, and how many bytes that says are missing.</returns>
    private static (string Text, long LeftOut) Parted(string text) =>
        Cut.Match(text) is { Success: true } cut
        && long.TryParse(
            cut.Groups["bytes"].ValueSpan,
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var leftOut
        )
            ? (text[..cut.Index], leftOut)
            : (text, 0);

    /// <param name="read">The beginning of what was written.</param>
    /// <param name="total">Bytes that were written.</param>
    /// <param name="secrets">What must not stand in it.</param>
    internal static string? Of(ReadOnlySpan<byte> read, long total, SecretMask secrets)
    {
        var masked = new MaskedOutput(secrets);
        byte[] shown = [.. masked.Pass(read)];
        var held = masked.End();
        var leftOut = total - read.Length;
        if (leftOut > 0)
        {
            // It may be the beginning of a secret.
            leftOut += held.Length;
        }
        else
        {
            shown = [.. shown, .. held];
        }

        var (text, kept) = Cleaned(shown, isCut: leftOut > 0);
        leftOut += shown.Length - kept;

        // What was taken out may have stood within a secret.
        text = secrets.Masked(text);
        return leftOut > 0 ? Told(text, leftOut)
            : string.IsNullOrWhiteSpace(text) ? null
            : text;
    }

    /// <returns>The text, and how many of the bytes are in it.</returns>
    private static (string Text, int Kept) Cleaned(ReadOnlySpan<byte> bytes, bool isCut)
    {
        var text = new StringBuilder(Math.Min(bytes.Length, MaximumBytes));
        var room = MaximumBytes;
        var kept = 0;
        while (kept < bytes.Length)
        {
            var found = Rune.DecodeFromUtf8(bytes[kept..], out var rune, out var length);
            if (found is OperationStatus.NeedMoreData && isCut)
            {
                break;
            }

            if (!Rune.IsControl(rune) || rune.Value is '\n' or '\t')
            {
                room -= rune.Utf8SequenceLength;
                if (room < 0)
                {
                    break;
                }

                text.Append(rune);
            }

            kept += length;
        }

        return (text.ToString(), kept);
    }

    [GeneratedRegex(@"\n?\[… (?<bytes>\d{1,18}) bytes left out here …\]\n\z", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Cut { get; }

    private static string Told(string text, long leftOut)
    {
        var between = text.Length == 0 || text.EndsWith('\n') ? "" : "\n";
        return string.Create(CultureInfo.InvariantCulture, $"{text}{between}[… {leftOut} bytes left out here …]\n");
    }

    /// <summary>Reads so much behind what was read before as there is room for.</summary>
    /// <returns>Bytes of the file.</returns>
    private static long Read(string path, ref byte[] before)
    {
        try
        {
            using var file = RegularFile.OpenItself(path, out _);
            if (file is null)
            {
                return 0;
            }

            var length = RandomAccess.GetLength(file);
            var bytes = new byte[Math.Min(length, MaximumBytes - before.Length)];
            var done = 0;
            while (done < bytes.Length && RandomAccess.Read(file, bytes.AsSpan(done), done) is > 0 and var more)
            {
                done += more;
            }

            before = [.. before, .. bytes.AsSpan(0, done)];
            return done < bytes.Length ? done : length;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A disk that fails, or no descriptor: the deployment matters more.
            return 0;
        }
    }
}
