using ThinDeployer.Yaml;

namespace ThinDeployer.Gates;

/// <summary>Reads the name of a time zone.</summary>
internal static class TimeZones
{
    /// <summary>By its name in the IANA Time Zone Database; UTC where none is given, and after a mistake.</summary>
    internal static TimeZoneInfo Read(MapReader keys, string key)
    {
        if (keys.Text(key) is not { } name || name is "UTC")
        {
            return TimeZoneInfo.Utc;
        }

        if (TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone))
        {
            return zone;
        }

        keys.Context.Mistake(
            keys.Node(key)!.Place,
            $"\"{key}\" names {Quote.Of(name)}, which is no time zone that this machine knows; write one such as Europe/Berlin "
                + "(on Debian, the package tzdata brings them)"
        );
        return TimeZoneInfo.Utc;
    }
}
