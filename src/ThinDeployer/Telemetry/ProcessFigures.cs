using System.Globalization;

namespace ThinDeployer.Telemetry;

/// <summary>
/// What the kernel says of this process, under the names that Prometheus' own libraries use
/// (https://prometheus.io/docs/instrumenting/writing_clientlibs/, "Standard and runtime collectors").
/// </summary>
internal static class ProcessFigures
{
    /// <summary>A second, in the unit of /proc/self/stat: the same on all Linux that there is (proc(5), sysconf(3)).</summary>
    private const double Ticks = 100;

    private const string OpenFiles = "Max open files";

    /// <summary>Writes what can be read; without /proc, nothing.</summary>
    internal static void Write(IMetricsWriter text)
    {
        try
        {
            WriteAll(text);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or FormatException)
        {
            // What is missing is seen to be missing.
        }
    }

    private static void WriteAll(IMetricsWriter text)
    {
        // The name of the program, in brackets, may hold blanks.
        var stat = File.ReadAllText("/proc/self/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        text.Counter(
            "process_cpu_seconds_total",
            "Processor time of the server, without that of its steps.",
            (Number(fields[11]) + Number(fields[12])) / Ticks
        );
        text.Gauge("process_start_time_seconds", "When the server started.", BootTime() + (Number(fields[19]) / Ticks));
        text.Gauge("process_virtual_memory_bytes", "Virtual memory of the server.", Number(fields[20]));
        text.Gauge(
            "process_resident_memory_bytes",
            "Resident memory of the server.",
            Number(fields[21]) * Environment.SystemPageSize
        );
        text.Gauge(
            "process_open_fds",
            "Open file descriptors.",
            // Without the one that counts them.
            Directory.EnumerateFileSystemEntries("/proc/self/fd").Count() - 1
        );
        text.Gauge("process_max_fds", "File descriptors that may be open.", MaximumDescriptors());
    }

    private static double BootTime() => Number(Line("/proc/stat", "btime ")["btime ".Length..]);

    /// <summary>Null for no limit.</summary>
    private static double? MaximumDescriptors() =>
        Line("/proc/self/limits", OpenFiles)[OpenFiles.Length..].Trim().Split(' ')[0] is var limit
        && limit != "unlimited"
            ? Number(limit)
            : null;

    private static string Line(string path, string beginning) =>
        File.ReadLines(path).FirstOrDefault(line => line.StartsWith(beginning, StringComparison.Ordinal))
        ?? throw new IOException($"{path} lacks a line.");

    private static double Number(string text) => double.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
}
