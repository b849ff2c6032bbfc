using System.Diagnostics.CodeAnalysis;

namespace ThinDeployer.Yaml;

/// <summary>A time zone by its name in the IANA database, as the machine has it (<c>/usr/share/zoneinfo</c>, or <c>TZDIR</c>).</summary>
internal static class TimeZoneName
{
    /// <summary>Folders of the database that hold the same zones once more; of the second, seconds are counted otherwise.</summary>
    private static readonly string[] Copies = ["posix/", "right/"];

    /// <summary>UTC is known everywhere.</summary>
    internal static bool TryParse(string text, [NotNullWhen(true)] out TimeZoneInfo? zone)
    {
        zone = text == TimeZoneInfo.Utc.Id ? TimeZoneInfo.Utc : null;

        // What is found by other letters is not found on another machine.
        return zone is not null
            || (
                !Copies.Any(folder => text.StartsWith(folder, StringComparison.Ordinal))
                && TimeZoneInfo.TryFindSystemTimeZoneById(text, out zone)
                && zone.Id == text
            );
    }

    /// <summary>What is wrong with a text that names none: the end of a sentence.</summary>
    internal static string Fault(string text)
    {
        var known = TimeZoneInfo.GetSystemTimeZones().Select(zone => zone.Id).ToList();
        return known.Count <= 1 ? "can only be UTC, because this machine has no time zones; install the package tzdata"
            : NearestName.Of(text, known) is { } nearest
                ? $"must be the name of a time zone; did you mean {Quote.Of(nearest)}?"
            : "must be the name of a time zone, such as Europe/Berlin, or UTC";
    }
}
