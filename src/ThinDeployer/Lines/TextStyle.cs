using System.Runtime.InteropServices;

namespace ThinDeployer.Lines;

/// <summary>How text looks, as terminals are told by SGR (ECMA-48, section 8.3.117). Blinking and concealed text is plain text here.</summary>
/// <param name="Looks">Without those of a piece.</param>
/// <param name="Foreground">As written, before <paramref name="IsInverse"/>.</param>
/// <param name="Background">As <paramref name="Foreground"/>.</param>
/// <param name="IsInverse">Whether the two colours change places.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct TextStyle(Looks Looks, TextColor Foreground, TextColor Background, bool IsInverse)
{
    /// <summary>Numbers of one sequence that are looked at.</summary>
    private const int MostNumbers = 64;

    /// <summary>No number of SGR is as high. It keeps longer ones from overflowing.</summary>
    private const int HighestNumber = 9_999;

    /// <summary>The style behind a sequence.</summary>
    /// <param name="parameters">Between <c>ESC [</c> and <c>m</c>.</param>
    internal TextStyle With(ReadOnlySpan<byte> parameters)
    {
        Span<SgrNumber> numbers = stackalloc SgrNumber[MostNumbers];
        var rest = (ReadOnlySpan<SgrNumber>)numbers[..Read(parameters, numbers)];
        var style = this;
        while (!rest.IsEmpty)
        {
            var own = 1;
            while (own < rest.Length && rest[own].IsPart)
            {
                own++;
            }

            own = rest[0].Value is 38 or 48 or 58 ? ColorLength(rest, own) : own;
            style = style.With(rest[0].Value, rest[1..own]);
            rest = rest[own..];
        }

        return style;
    }

    /// <param name="code">A number of SGR.</param>
    /// <param name="parts">What belongs to it.</param>
    private TextStyle With(int code, ReadOnlySpan<SgrNumber> parts) =>
        code switch
        {
            0 => default,
            1 => this with { Looks = Looks | Looks.Bold },
            2 => this with { Looks = Looks | Looks.Dim },
            3 => this with { Looks = Looks | Looks.Italic },
            4 when parts is [{ Value: 0 }, ..] => Without(Looks.Underline),
            4 or 21 => this with { Looks = Looks | Looks.Underline },
            7 => this with { IsInverse = true },
            9 => this with { Looks = Looks | Looks.Struck },
            22 => Without(Looks.Bold | Looks.Dim),
            23 => Without(Looks.Italic),
            24 => Without(Looks.Underline),
            27 => this with { IsInverse = false },
            29 => Without(Looks.Struck),
            >= 30 and <= 37 => this with { Foreground = TextColor.Numbered(code - 30) },
            38 => this with { Foreground = ColorOf(parts) ?? Foreground },
            39 => this with { Foreground = default },
            >= 40 and <= 47 => this with { Background = TextColor.Numbered(code - 40) },
            48 => this with { Background = ColorOf(parts) ?? Background },
            49 => this with { Background = default },
            >= 90 and <= 97 => this with { Foreground = TextColor.Numbered(code - 90 + 8) },
            >= 100 and <= 107 => this with { Background = TextColor.Numbered(code - 100 + 8) },
            _ => this,
        };

    private TextStyle Without(Looks looks) => this with { Looks = Looks & ~looks };

    /// <summary>Numbers of a colour: behind a colon they are parts of the first, behind a semicolon their count is known.</summary>
    private static int ColorLength(ReadOnlySpan<SgrNumber> numbers, int own)
    {
        if (own > 1 || numbers.Length == 1)
        {
            return own;
        }

        var wanted = numbers[1].Value switch
        {
            5 => 3,
            2 => 5,
            _ => 2,
        };
        return Math.Min(wanted, numbers.Length);
    }

    /// <summary>Null for what is no colour. Where parts have colons, the red one may follow the number of a colour space.</summary>
    private static TextColor? ColorOf(ReadOnlySpan<SgrNumber> parts) =>
        parts switch
        {
            [{ Value: 5 }, { Value: <= 255 } number, ..] => TextColor.Numbered(number.Value),
            [{ Value: 2 }, _, var red, var green, var blue, ..] => TextColor.Of(red.Value, green.Value, blue.Value),
            [{ Value: 2 }, var red, var green, var blue] => TextColor.Of(red.Value, green.Value, blue.Value),
            _ => null,
        };

    /// <summary>One that is left out is 0.</summary>
    private static int Read(ReadOnlySpan<byte> parameters, Span<SgrNumber> into)
    {
        var count = 0;
        var number = new SgrNumber(0, IsPart: false);
        foreach (var character in parameters)
        {
            if (character is >= (byte)'0' and <= (byte)'9')
            {
                number = number with { Value = Math.Min(HighestNumber, (number.Value * 10) + character - '0') };
                continue;
            }

            if (count < into.Length)
            {
                into[count++] = number;
            }

            number = new SgrNumber(0, IsPart: character == (byte)':');
        }

        if (count < into.Length)
        {
            into[count++] = number;
        }

        return count;
    }

    /// <param name="IsPart">Whether a colon stands before it.</param>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct SgrNumber(int Value, bool IsPart);
}

/// <summary>What text, or a piece of a line, is besides its colours.</summary>
[Flags]
internal enum Looks : byte
{
    None = 0,
    Bold = 1,
    Dim = 2,
    Italic = 4,
    Underline = 8,
    Struck = 16,

    /// <summary>Its text is the address of a page.</summary>
    Link = 32,

    /// <summary>It tells of a character that could not be seen.</summary>
    Mark = 64,
}
