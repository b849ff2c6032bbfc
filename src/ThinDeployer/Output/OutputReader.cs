using System.Buffers;
using System.Text;

namespace ThinDeployer.Output;

/// <summary>Reads an output piece by piece, so that its size does not matter.</summary>
internal static class OutputReader
{
    private const int PieceBytes = 64 * 1024;
    private const int LongestCharacter = 4;

    /// <summary>Hands each piece on and waits until it was taken. What is gone is passed over.</summary>
    internal static Task ReadAsync(
        OutputContent log,
        Func<ReadOnlyMemory<byte>, ValueTask> take,
        CancellationToken cancellationToken
    ) => ReadAsync(log, 0, long.MaxValue, take, cancellationToken);

    /// <summary>Hands some of the bytes of <see cref="OutputContent.Joined"/> on, piece by piece.</summary>
    /// <param name="log">Where they are.</param>
    /// <param name="from">The first byte.</param>
    /// <param name="to">Behind the last one.</param>
    /// <param name="take">Gets the pieces.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    internal static async Task ReadAsync(
        OutputContent log,
        long from,
        long to,
        Func<ReadOnlyMemory<byte>, ValueTask> take,
        CancellationToken cancellationToken
    )
    {
        var joined = log.Joined();
        var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Min(PieceBytes, joined.End));
        try
        {
            var position = from;
            foreach (var part in joined.Parts)
            {
                var end = Math.Min(part.End, to);
                using var file = part.Open();
                while (position >= part.Start && position < end)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    var piece = buffer.AsMemory(0, (int)Math.Min(Math.Min(buffer.Length, PieceBytes), end - position));
                    var count = part.Read(file, position, piece.Span);
                    position += count > 0 ? count : end - position;
                    await take(piece[..count]);
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>The end of an output as text.</summary>
    /// <param name="maximumCharacters">UTF-16 units.</param>
    /// <returns>The text, and whether anything stands before it.</returns>
    internal static (string Text, bool IsCut) Tail(OutputContent log, int maximumCharacters)
    {
        var joined = log.Joined();

        // One character more than wanted, of the longest kind, shows whether anything stands before.
        var from = Math.Max(0, joined.End - ((maximumCharacters + 1L) * LongestCharacter));
        var bytes = new byte[joined.End - from];
        var length = 0;
        while (
            joined.From(from + length) is { } part && part.Read(from + length, bytes.AsSpan(length)) is > 0 and var n
        )
        {
            length += n;
        }

        var skipped = from > 0 ? Utf8Border.PartAtStart(bytes) : 0;
        var text = Encoding.UTF8.GetString(bytes.AsSpan(skipped, length - skipped));
        var start = Math.Max(0, text.Length - maximumCharacters);
        start += start > 0 && char.IsLowSurrogate(text[start]) ? 1 : 0;
        return (text[start..], start > 0);
    }
}
