using System.Globalization;

namespace ThinDeployer.Server.Systemd;

/// <summary>What systemd wants of this process (sd_watchdog_enabled(3)).</summary>
internal static class Watchdog
{
    /// <summary>A timer takes no longer time: microseconds of 49 days, which is no watchdog.</summary>
    private const long Longest = 49L * 24 * 3_600 * 1_000_000;

    /// <summary>After which systemd ends a server that gave no sign; null where it watches over none, or over another process.</summary>
    internal static TimeSpan? Read(Func<string, string?> variable, int processId)
    {
        var isOurs =
            variable("WATCHDOG_PID") is not { Length: > 0 } of
            || (int.TryParse(of, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && id == processId);
        return
            isOurs
            && long.TryParse(
                variable("WATCHDOG_USEC"),
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out var microseconds
            )
            && microseconds is > 0 and <= Longest
            ? TimeSpan.FromMicroseconds(microseconds)
            : null;
    }
}
