using System.Globalization;

namespace ThinDeployer.Yaml;

/// <summary>What a single text means, for readers of nodes and for switches of the command line alike.</summary>
internal static class Scalars
{
    private static readonly (string Unit, long Bytes)[] Units =
    [
        ("KiB", 1L << 10),
        ("MiB", 1L << 20),
        ("GiB", 1L << 30),
        ("B", 1),
    ];

    /// <summary>
    /// The text with <c>${NAME}</c> and <c>${NAME:-default}</c> filled from the environment. Null after a mistake.
    /// </summary>
    internal static string? Interpolated(YamlText text, ReadingContext context) => Interpolation.Fill(text, context);

    private static readonly (string Unit, TimeSpan Length)[] Spans =
    [
        ("ms", TimeSpan.FromMilliseconds(1)),
        ("s", TimeSpan.FromSeconds(1)),
        ("m", TimeSpan.FromMinutes(1)),
        ("h", TimeSpan.FromHours(1)),
        ("d", TimeSpan.FromDays(1)),
    ];

    /// <summary>A whole number and ms, s, m, h or d, without a space.</summary>
    internal static bool TryDuration(string text, out TimeSpan duration)
    {
        duration = TimeSpan.Zero;
        foreach (var (unit, length) in Spans)
        {
            if (
                text.EndsWith(unit, StringComparison.Ordinal)
                && TryProduct(text.AsSpan(0, text.Length - unit.Length), length.Ticks, out var ticks)
            )
            {
                duration = TimeSpan.FromTicks(ticks);
                return true;
            }
        }
        return false;
    }

    /// <summary>How a duration is written: in the largest unit that needs no fraction. Whole milliseconds, not zero.</summary>
    internal static string Written(TimeSpan duration)
    {
        if (duration == TimeSpan.Zero)
        {
            return "0s";
        }

        var (unit, length) = Spans.Last(span => duration >= span.Length && duration.Ticks % span.Length.Ticks == 0);
        return string.Create(CultureInfo.InvariantCulture, $"{duration.Ticks / length.Ticks}{unit}");
    }

    /// <summary>YAML 1.1's spellings as PyYAML reads them, which the original used; a lone y or n is a text there.</summary>
    internal static bool TryBoolean(string text, out bool value)
    {
        value = text is "yes" or "Yes" or "YES" or "true" or "True" or "TRUE" or "on" or "On" or "ON";
        return value || text is "no" or "No" or "NO" or "false" or "False" or "FALSE" or "off" or "Off" or "OFF";
    }

    /// <summary>A whole number and B, KiB, MiB or GiB, without a space.</summary>
    internal static bool TrySize(string text, out long bytes)
    {
        bytes = 0;
        foreach (var (unit, factor) in Units)
        {
            if (text.EndsWith(unit, StringComparison.Ordinal))
            {
                return TryProduct(text.AsSpan(0, text.Length - unit.Length), factor, out bytes);
            }
        }
        return false;
    }

    private static bool TryProduct(ReadOnlySpan<char> digits, long factor, out long product)
    {
        product = 0;
        if (
            !long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            || number > long.MaxValue / factor
        )
        {
            return false;
        }
        product = number * factor;
        return true;
    }
}
