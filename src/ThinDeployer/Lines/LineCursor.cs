using System.Runtime.InteropServices;

namespace ThinDeployer.Lines;

/// <summary>A place in an output, not within an escape sequence, and what is known of all before it.</summary>
/// <param name="Position">Bytes before it.</param>
/// <param name="Breaks">Line feeds before it.</param>
/// <param name="IsLineStart">Whether one stands right before it.</param>
/// <param name="Style">Of what follows.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Checkpoint(long Position, long Breaks, bool IsLineStart, TextStyle Style)
{
    internal static Checkpoint Start { get; } = new(0, 0, IsLineStart: true, default);
}

/// <summary>Goes through an output, and counts.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct LineCursor(Checkpoint from)
{
    private Checkpoint _place = from;
    private EscapeSequence _sequence;

    internal readonly long Position => _place.Position;

    /// <summary>Where it stands; within <see cref="Sequence"/>, if that is open.</summary>
    internal readonly Checkpoint Place => _place;

    internal readonly EscapeSequence Sequence => _sequence;

    /// <param name="bytes">Those that follow.</param>
    internal void Pass(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return;
        }

        _place = new Checkpoint(
            _place.Position + bytes.Length,
            _place.Breaks + bytes.Count((byte)'\n'),
            bytes[^1] == (byte)'\n',
            StyleBehind(bytes)
        );
    }

    private TextStyle StyleBehind(ReadOnlySpan<byte> bytes)
    {
        var style = _place.Style;
        while (!bytes.IsEmpty)
        {
            if (!_sequence.IsOpen)
            {
                var next = bytes.IndexOf(EscapeSequence.Escape);
                if (next < 0)
                {
                    break;
                }

                bytes = bytes[next..];
            }

            bytes = bytes[_sequence.Pass(bytes, ref style)..];
        }

        return style;
    }
}
