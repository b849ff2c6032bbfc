using System.Globalization;
using System.Text;

namespace ThinDeployer.Lines;

/// <summary>
/// Characters that are not seen, and may make a reader see another text than there is: controls, what turns the direction of
/// writing round (trojansource.codes), and what has no width.
/// </summary>
internal static class UnseenCharacter
{
    /// <summary>They make one picture of several, and join or part letters of some scripts.</summary>
    internal static bool IsJoiner(Rune rune) => rune.Value is 0x200C or 0x200D;

    internal static bool Is(Rune rune) =>
        rune.Value switch
        {
            '\t' => false,
            < 0x20 or (>= 0x7F and <= 0x9F) => true,
            0xAD or 0x34F or 0x61C or 0x115F or 0x1160 or 0x17B4 or 0x17B5 => true,
            >= 0x180B and <= 0x180E => true,
            >= 0x200B and <= 0x200F => true,
            >= 0x2028 and <= 0x202E => true,
            >= 0x2060 and <= 0x206F => true,
            0x3164 or 0xFEFF or 0xFFA0 => true,
            >= 0xFFF0 and <= 0xFFFC => true,
            >= 0x1D173 and <= 0x1D17A => true,
            // Tags, and selectors of variants that no font has.
            >= 0xE0000 and <= 0xE0FFF => true,
            _ => false,
        };

    /// <summary>The bytes that begin one of them in UTF-8, and some that begin others, too; without the line feed, which is in no line.</summary>
    internal static ReadOnlySpan<byte> FirstBytes =>
        [
            0x00,
            0x01,
            0x02,
            0x03,
            0x04,
            0x05,
            0x06,
            0x07,
            0x08,
            0x0B,
            0x0C,
            0x0D,
            0x0E,
            0x0F,
            0x10,
            0x11,
            0x12,
            0x13,
            0x14,
            0x15,
            0x16,
            0x17,
            0x18,
            0x19,
            0x1A,
            0x1B,
            0x1C,
            0x1D,
            0x1E,
            0x1F,
            0x7F,
            0xC2,
            0xCD,
            0xD8,
            0xE1,
            0xE2,
            0xE3,
            0xEF,
            0xF0,
            0xF3,
        ];

    /// <summary>Such as <c>U+202E</c>.</summary>
    internal static string NameOf(Rune rune) => string.Create(CultureInfo.InvariantCulture, $"U+{rune.Value:X4}");
}
