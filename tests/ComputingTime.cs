using System.Globalization;

namespace ThinDeployer.Testing;

/// <summary>
/// How long this thread has computed. A test that holds work to a limit measures by it: the time that the machine gave to
/// others, on which a clock goes on, says nothing of the work.
/// </summary>
/// <remarks>Only for work on the thread that asks.</remarks>
internal static class ComputingTime
{
    private const long NanosecondsPerTick = 100;

    /// <summary>Since the thread began. The kernel tells it in nanoseconds (sched-stats.rst, "/proc/PID/schedstat").</summary>
    internal static TimeSpan Now
    {
        get
        {
            var computed = File.ReadAllText("/proc/thread-self/schedstat").Split(' ')[0];
            return TimeSpan.FromTicks(long.Parse(computed, CultureInfo.InvariantCulture) / NanosecondsPerTick);
        }
    }
}
