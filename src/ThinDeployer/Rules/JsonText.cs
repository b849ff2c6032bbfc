using System.Globalization;

namespace ThinDeployer.Rules;

/// <summary>A text of JSON as it is written, with its escapes.</summary>
internal static class JsonText
{
    /// <summary>Digits after <c>\u</c>.</summary>
    private const int Digits = 4;

    /// <summary>
    /// Whether there is one surrogate without the other: <c>"\ud800"</c> is JSON, and no text. Told without making the
    /// text, which takes twice as much memory.
    /// </summary>
    /// <param name="written">Without its quotes; a text of JSON.</param>
    internal static bool HasHalfCharacter(ReadOnlySpan<byte> written)
    {
        while (written.IndexOf((byte)'\\') is >= 0 and var at)
        {
            written = written[at..];
            if (Unit(written) is not { } unit)
            {
                written = written[2..];
                continue;
            }

            written = written[(2 + Digits)..];
            if (char.IsHighSurrogate(unit) && Unit(written) is { } next && char.IsLowSurrogate(next))
            {
                written = written[(2 + Digits)..];
            }
            else if (char.IsSurrogate(unit))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>What stands at the beginning as <c>\u</c> and four digits; null for anything else.</summary>
    private static char? Unit(ReadOnlySpan<byte> written) =>
        written.StartsWith("\\u"u8)
            ? (char)ushort.Parse(written.Slice(2, Digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)
            : null;
}
