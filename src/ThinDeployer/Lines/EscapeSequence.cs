using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ThinDeployer.Lines;

/// <summary>
/// One escape sequence (ECMA-48), which may come in parts. Only SGR has an effect. A line feed or carriage return ends any of
/// them, so that an unfinished one hides no more than the rest of its line.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal struct EscapeSequence
{
    internal const byte Escape = 0x1B;
    private const byte Bell = 0x07;
    private const byte Cancel = 0x18;
    private const byte Substitute = 0x1A;

    /// <summary>Bytes between <c>ESC [</c> and the last one. Longer ones have no effect.</summary>
    private const int MostParameters = 128;

    /// <summary>May end a text within a sequence.</summary>
    private static readonly SearchValues<byte> EndsText = SearchValues.Create([
        Escape,
        Bell,
        Cancel,
        Substitute,
        0x0A,
        0x0D,
    ]);

    private Place _place;
    private Parameters _parameters;
    private int _length;

    /// <summary>Whether it has begun and not ended.</summary>
    internal readonly bool IsOpen => _place is not Place.Outside;

    /// <summary>Passes what belongs to it.</summary>
    /// <param name="bytes">Begins with <see cref="Escape"/>, unless it is open.</param>
    /// <param name="style">Changed by SGR.</param>
    /// <returns>How many bytes belong to it. It is still open if those are all.</returns>
    internal int Pass(ReadOnlySpan<byte> bytes, ref TextStyle style)
    {
        var count = 0;
        if (!IsOpen)
        {
            _place = Place.Begun;
            count++;
        }

        while (IsOpen && count < bytes.Length)
        {
            if (_place is Place.Title or Place.Text)
            {
                var end = bytes[count..].IndexOfAny(EndsText);
                if (end < 0)
                {
                    return bytes.Length;
                }

                count += end;
            }

            count += Take(bytes[count], ref style) ? 1 : 0;
        }

        return count;
    }

    /// <summary>False for a byte that is not its own, and ends it.</summary>
    private bool Take(byte next, ref TextStyle style)
    {
        switch (next)
        {
            case (byte)'\n' or (byte)'\r':
                _place = Place.Outside;
                return false;
            case Cancel or Substitute:
                _place = Place.Outside;
                return true;
            case Escape:
                _place = _place is Place.Title or Place.Text ? Place.MayEndText : Place.Begun;
                return true;
            default:
                return _place switch
                {
                    Place.Begun => Begin(next, ref style),
                    Place.MayEndText => EndText(next, ref style),
                    Place.Between => Between(next),
                    Place.Control => Control(next, ref style),
                    Place.Title => Title(next),
                    _ => true,
                };
        }
    }

    private bool Begin(byte next, ref TextStyle style)
    {
        _length = 0;
        _place = next switch
        {
            (byte)'[' => Place.Control,
            (byte)']' => Place.Title,
            (byte)'P' or (byte)'X' or (byte)'^' or (byte)'_' => Place.Text,
            >= 0x20 and <= 0x2F => Place.Between,
            _ => Place.Outside,
        };
        if (next == (byte)'c')
        {
            style = default;
        }

        return next is >= 0x20 and <= 0x7E;
    }

    private bool EndText(byte next, ref TextStyle style)
    {
        if (next != (byte)'\\')
        {
            return Begin(next, ref style);
        }

        _place = Place.Outside;
        return true;
    }

    private bool Between(byte next)
    {
        _place = next is >= 0x20 and <= 0x2F ? Place.Between : Place.Outside;
        return next is >= 0x20 and <= 0x7E;
    }

    private bool Control(byte next, ref TextStyle style)
    {
        if (next is >= 0x20 and <= 0x3F)
        {
            if (_length < MostParameters)
            {
                _parameters[_length] = next;
            }

            _length = Math.Min(_length + 1, MostParameters + 1);
            return true;
        }

        _place = Place.Outside;
        if (next == (byte)'m' && _length <= MostParameters)
        {
            Restyle(ref style);
        }

        return next is >= 0x40 and <= 0x7E;
    }

    /// <summary>Those with anything but numbers are not SGR.</summary>
    private readonly void Restyle(ref TextStyle style)
    {
        ReadOnlySpan<byte> parameters = _parameters;
        parameters = parameters[.._length];
        if (!parameters.ContainsAnyExceptInRange((byte)'0', (byte)';'))
        {
            style = style.With(parameters);
        }
    }

    private bool Title(byte next)
    {
        _place = next == Bell ? Place.Outside : Place.Title;
        return true;
    }

    private enum Place : byte
    {
        Outside,
        Begun,

        /// <summary>Behind a byte such as <c>(</c>, which says which kind follows.</summary>
        Between,

        /// <summary>Within a CSI.</summary>
        Control,

        /// <summary>Within an OSC, which a bell ends, too.</summary>
        Title,

        /// <summary>Within a DCS, SOS, PM or APC.</summary>
        Text,
        MayEndText,
    }

    [InlineArray(MostParameters)]
    private struct Parameters
    {
        private byte _first;
    }
}
