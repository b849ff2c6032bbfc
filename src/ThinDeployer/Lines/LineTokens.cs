using System.Buffers;
using System.Text;
using ThinDeployer.Output;

namespace ThinDeployer.Lines;

/// <summary>Takes the bytes of a line apart: text, what is not seen, and steps back. Escape sequences are passed over.</summary>
/// <param name="bytes">Of one line, without its end, or a part of it.</param>
/// <param name="isFinal">Whether nothing follows: else a character that is not whole is left for later.</param>
/// <param name="sequence">In which the bytes begin.</param>
/// <param name="style">In which they begin.</param>
internal ref struct LineTokens(ReadOnlySpan<byte> bytes, bool isFinal, EscapeSequence sequence, TextStyle style)
{
    private const byte Backspace = 0x08;
    private const byte ShiftOut = 0x0E;
    private const byte ShiftIn = 0x0F;

    private static readonly SearchValues<byte> MayNotBeText = SearchValues.Create(UnseenCharacter.FirstBytes);

    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private EscapeSequence _sequence = sequence;
    private TextStyle _style = style;

    /// <summary>Bytes that were taken.</summary>
    internal int Position { get; private set; }

    /// <summary>Of the token, and behind the last one of what follows.</summary>
    internal readonly TextStyle Style => _style;

    /// <summary>Where the next bytes begin.</summary>
    internal readonly EscapeSequence Sequence => _sequence;

    /// <summary>Where there may be something else than text and line feeds; below 0 for nowhere.</summary>
    internal static int FirstThatMayNotBeText(ReadOnlySpan<byte> bytes) => bytes.IndexOfAny(MayNotBeText);

    internal LineToken Next(out ReadOnlySpan<byte> text, out Rune unseen)
    {
        unseen = default;
        while (Position < _bytes.Length)
        {
            var rest = _bytes[Position..];
            if (_sequence.IsOpen || rest[0] == EscapeSequence.Escape)
            {
                Position += _sequence.Pass(rest, ref _style);
                continue;
            }

            text = rest[..TextLength(rest)];
            if (text.Length > 0)
            {
                Position += text.Length;
                return LineToken.Text;
            }

            if (Rune.DecodeFromUtf8(rest, out unseen, out var length) is OperationStatus.NeedMoreData)
            {
                return LineToken.End;
            }

            Position += length;
            if (unseen.Value is not (ShiftIn or ShiftOut))
            {
                return unseen.Value is Backspace ? LineToken.Back : LineToken.Unseen;
            }
        }

        text = default;
        return LineToken.End;
    }

    private readonly int TextLength(ReadOnlySpan<byte> rest)
    {
        var length = 0;
        while (FirstThatMayNotBeText(rest[length..]) is >= 0 and var next)
        {
            length += next;
            var status = Rune.DecodeFromUtf8(rest[length..], out var rune, out var count);
            if (
                (status is OperationStatus.NeedMoreData && !isFinal)
                || (status is OperationStatus.Done && UnseenCharacter.Is(rune) && !IsJoined(rest[..length], rune))
            )
            {
                return length;
            }

            length += count;
        }

        return isFinal ? rest.Length : rest.Length - Utf8Border.PartAtEnd(rest);
    }

    /// <summary>A joiner behind what it may join: between letters of ASCII it is nothing but unseen.</summary>
    private static bool IsJoined(ReadOnlySpan<byte> before, Rune rune) =>
        UnseenCharacter.IsJoiner(rune) && before is [.., >= 0x80];
}

internal enum LineToken
{
    End,
    Text,

    /// <summary>A character that is not seen.</summary>
    Unseen,

    /// <summary>The next text takes the place of a character before it.</summary>
    Back,
}
