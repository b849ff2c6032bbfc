using System.Text;

namespace ThinDeployer.Deployments;

/// <summary>Reads a log piece by piece, so that its size does not matter.</summary>
internal static class LogReader
{
    private const int PieceBytes = 64 * 1024;
    private const int LongestCharacter = 4;

    /// <summary>Hands each piece on and waits until it was taken. A file that is gone is passed over.</summary>
    internal static async Task ReadAsync(
        LogContent log,
        Func<ReadOnlyMemory<byte>, ValueTask> take,
        CancellationToken cancellationToken
    )
    {
        if (log is LogContent.Inline(var text))
        {
            await take(Encoding.UTF8.GetBytes(text));
            return;
        }

        var buffer = new byte[PieceBytes];
        foreach (var path in ((LogContent.InFiles)log).Paths)
        {
            await using var file = Open(path);
            while (file is not null && await file.ReadAsync(buffer, cancellationToken) is > 0 and var count)
            {
                await take(buffer.AsMemory(0, count));
            }
        }
    }

    /// <summary>As <see cref="ReadAsync"/>, as text: bytes that are no UTF-8 become U+FFFD.</summary>
    internal static async Task ReadTextAsync(
        LogContent log,
        Func<ReadOnlyMemory<char>, ValueTask> take,
        CancellationToken cancellationToken
    )
    {
        var decoder = Encoding.UTF8.GetDecoder();
        var characters = new char[PieceBytes + LongestCharacter];
        await ReadAsync(log, piece => take(Decoded(piece.Span, flush: false)), cancellationToken);
        await take(Decoded([], flush: true));

        ReadOnlyMemory<char> Decoded(ReadOnlySpan<byte> bytes, bool flush)
        {
            var needed = decoder.GetCharCount(bytes, flush);
            characters = needed > characters.Length ? new char[needed] : characters;
            return characters.AsMemory(0, decoder.GetChars(bytes, characters, flush));
        }
    }

    /// <summary>The end of a log as text.</summary>
    /// <param name="maximumCharacters">UTF-16 units.</param>
    /// <returns>The text, and whether anything stands before it.</returns>
    internal static (string Text, bool IsCut) Tail(LogContent log, int maximumCharacters)
    {
        var text = log is LogContent.Inline(var inline) ? inline : TailOfFile(log, maximumCharacters);
        var start = Math.Max(0, text.Length - maximumCharacters);
        start += start > 0 && char.IsLowSurrogate(text[start]) ? 1 : 0;
        return (text[start..], start > 0);
    }

    private static string TailOfFile(LogContent log, int maximumCharacters)
    {
        using var file = Open(((LogContent.InFiles)log).Paths[^1]);
        if (file is null)
        {
            return "";
        }

        // One character more than wanted, of the longest kind, shows whether anything stands before.
        file.Position = Math.Max(0, file.Length - ((maximumCharacters + 1L) * LongestCharacter));
        if (file.Position > 0)
        {
            Utf8Border.SkipPart(file);
        }

        using var reader = new StreamReader(file, Encoding.UTF8, detectEncodingFromByteOrderMarks: false);
        return reader.ReadToEnd();
    }

    private static FileStream? Open(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (IOException)
        {
            return null;
        }
    }
}
