using System.Diagnostics;
using System.Globalization;

namespace ThinDeployer.Fleet;

/// <summary>What the kernel knows of a process.</summary>
internal static class Counted
{
    /// <summary>Of <c>/proc/PID/stat</c>, a second.</summary>
    private const double TicksPerSecond = 100;

    /// <summary>Seconds on a processor so far.</summary>
    /// <param name="process">Its id.</param>
    /// <param name="withChildren">Also those of its children that have ended.</param>
    internal static double Processor(int process, bool withChildren = false)
    {
        // The name in parentheses may hold anything; behind it stand fields 3 and on. utime is the 14th.
        var stat = File.ReadAllText($"/proc/{process}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return fields[11..(withChildren ? 15 : 13)].Sum(field => long.Parse(field, CultureInfo.InvariantCulture))
            / TicksPerSecond;
    }

    /// <summary>Mebibytes: <c>VmRSS</c>, or <c>VmHWM</c> for the most so far.</summary>
    internal static double Memory(int process, string field) => Mebibytes($"/proc/{process}/status", field);

    /// <summary>The most starts again from what is there.</summary>
    internal static void ForgetPeak(int process) => File.WriteAllText($"/proc/{process}/clear_refs", "5");

    /// <summary>Mebibytes that a process and all below it have, what they share counted once.</summary>
    internal static double MemoryOfTree(int process) =>
        Try(() => Mebibytes($"/proc/{process}/smaps_rollup", "Pss"))
        + Directory
            .EnumerateDirectories($"/proc/{process}/task")
            .SelectMany(task =>
                Try(() => File.ReadAllText(Path.Join(task, "children")), "")
                    .Split(' ', StringSplitOptions.RemoveEmptyEntries)
            )
            .Sum(child => MemoryOfTree(int.Parse(child, CultureInfo.InvariantCulture)));

    /// <summary>Runs a program, and tells how long it took, and how long it and its children had a processor.</summary>
    internal static async Task<(double Seconds, double Processor)> RunAsync(ProcessStartInfo start)
    {
        start.RedirectStandardOutput = true;
        var before = Processor(Environment.ProcessId, withChildren: true);
        var own = Processor(Environment.ProcessId);
        var begun = Stopwatch.GetTimestamp();
        using var process = Process.Start(start)!;
        await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        var seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds;
        var children =
            Processor(Environment.ProcessId, withChildren: true) - before - (Processor(Environment.ProcessId) - own);
        return process.ExitCode == 0
            ? (seconds, children)
            : throw new InvalidOperationException($"{start.FileName} ended with {process.ExitCode}");
    }

    private static double Mebibytes(string file, string field) =>
        double.Parse(
            File.ReadLines(file)
                .Single(line => line.StartsWith($"{field}:", StringComparison.Ordinal))
                .Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2],
            CultureInfo.InvariantCulture
        ) / 1024;

    private static T Try<T>(Func<T> read, T otherwise = default!)
    {
        try
        {
            return read();
        }
        catch (IOException)
        {
            // It has ended.
            return otherwise;
        }
    }
}
