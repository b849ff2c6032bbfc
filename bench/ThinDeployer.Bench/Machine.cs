using System.Globalization;
using System.Runtime.InteropServices;
using ThinDeployer.Bench.Figures;
using ThinDeployer.Bench.Load;
using ThinDeployer.Bench.Programs;

namespace ThinDeployer.Bench;

/// <summary>What the figures of a run depend on beside the contestants.</summary>
internal static class Machine
{
    internal static async Task<Table> DescribeAsync(
        Workbench bench,
        DateTimeOffset date,
        CancellationToken cancellationToken
    )
    {
        var table = new Table("machine", "");
        var options = bench.Options;
        var load = File.ReadAllText("/proc/loadavg").Split(' ')[0];
        var flush = await Tool.OutputAsync(bench.ProgramOf("flush"), [bench.Folder], cancellationToken);
        var spawn = await Limit.RateAsync(
            bench,
            Services.NothingCommand,
            workers: 1,
            options.Seconds,
            cancellationToken
        );
        table.Add("date", date.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture));
        table.Add("commit", await CommitAsync(options.Root, cancellationToken));
        table.Add("binary", options.GivenBinary is null ? "published from it" : "built before");
        table.Add("processor", $"{ProcessorName()}, {Environment.ProcessorCount} cores");
        table.Add("memory", $"{Unit.Count.Write(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 1048576.0)} MiB");
        table.Add("kernel", File.ReadAllText("/proc/sys/kernel/osrelease").Trim());
        table.Add("system", RuntimeInformation.OSDescription);
        table.Add(".NET", Environment.Version.ToString());
        table.Add("webhook", await Tool.OutputAsync("webhook", ["-version"], cancellationToken));
        table.Add("data on", new DriveInfo(bench.Folder).DriveFormat);
        table.Add("fdatasync of 8 KiB", $"{flush} ms");
        table.Add("posix_spawn of `/bin/sh -c true`", $"{Unit.Count.Write(spawn)}/s");
        table.Add("load before", load);
        table.Add("rounds", FormattableString.Invariant($"{options.Rounds}, loads of {options.Seconds} s"));
        return table;
    }

    /// <summary>Short, and with a mark where files differ from it.</summary>
    internal static Task<string> CommitAsync(string root, CancellationToken cancellationToken) =>
        Tool.OutputAsync("git", ["-C", root, "describe", "--always", "--dirty", "--exclude", "*"], cancellationToken);

    private static string ProcessorName() =>
        File.ReadLines("/proc/cpuinfo")
            .FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))
            ?.Split(": ")[^1]
        ?? RuntimeInformation.ProcessArchitecture.ToString();
}
