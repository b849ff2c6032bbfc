using System.Globalization;

namespace ThinDeployer.Lines;

/// <summary>The colour of text, or of what is behind it.</summary>
internal readonly record struct TextColor
{
    private const int Named = 16;
    private const int FirstGrey = 232;
    private const int Rgb = 1 << 24;

    /// <summary>0 is the page's own; then one more than a number of <see cref="Number"/>; or three bytes below <see cref="Rgb"/>.</summary>
    private readonly int _value;

    private TextColor(int value) => _value = value;

    /// <summary>Text in the colour of what is behind it elsewhere: that of the page.</summary>
    internal static TextColor OfPage { get; } = new(Named + 1);

    /// <summary>Behind text, the colour that text has elsewhere.</summary>
    internal static TextColor OfText { get; } = new(Named + 2);

    internal bool IsOwn => _value == 0;

    /// <summary>0 to 15 as terminals number them, 16 for <see cref="OfPage"/>, 17 for <see cref="OfText"/>; null for one that has no number.</summary>
    internal int? Number => _value is > 0 and < Rgb ? _value - 1 : null;

    /// <summary>Such as <c>#0087ff</c>.</summary>
    internal string Hex => string.Create(CultureInfo.InvariantCulture, $"#{_value & (Rgb - 1):x6}");

    /// <summary>One of the 256 of xterm.</summary>
    internal static TextColor Numbered(int number)
    {
        if (number < Named)
        {
            return new TextColor(number + 1);
        }

        if (number >= FirstGrey)
        {
            var grey = ((number - FirstGrey) * 10) + 8;
            return Of(grey, grey, grey)!.Value;
        }

        var place = number - Named;
        return Of(Step(place / 36), Step(place / 6 % 6), Step(place % 6))!.Value;

        static int Step(int step) => step == 0 ? 0 : (step * 40) + 55;
    }

    /// <summary>Null where one is above 255.</summary>
    internal static TextColor? Of(int red, int green, int blue) =>
        red > byte.MaxValue || green > byte.MaxValue || blue > byte.MaxValue
            ? null
            : new TextColor(Rgb | (red << 16) | (green << 8) | blue);
}
