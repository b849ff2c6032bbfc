using System.Diagnostics;
using System.Globalization;

namespace ThinDeployer.Bench.Programs;

/// <summary>A running server, and what the kernel knows of it.</summary>
internal sealed class StartedProgram : IAsyncDisposable
{
    /// <summary>Of <c>/proc/PID/stat</c>, a second (proc(5); the same on every Linux that .NET runs on).</summary>
    private const double TicksPerSecond = 100;

    private static readonly TimeSpan ExitLimit = TimeSpan.FromSeconds(15);

    private readonly Process _process;

    private StartedProgram(Process process) => _process = process;

    internal int Id => _process.Id;

    internal bool HasExited => _process.HasExited;

    internal static StartedProgram Start(ProgramStart start) => new(Process.Start(start.ToProcess())!);

    /// <summary>Mebibytes of memory that it has now.</summary>
    internal double Memory() => Mebibytes("VmRSS:");

    /// <summary>Mebibytes of memory, at most so far.</summary>
    internal double PeakMemory() => Mebibytes("VmHWM:");

    /// <summary>Time on a processor so far, without that of its children.</summary>
    internal TimeSpan ProcessorTime()
    {
        // The name in parentheses may hold anything; behind it stand fields 3 and on. utime and stime are 14 and 15.
        var stat = File.ReadAllText($"/proc/{Id}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        var ticks =
            long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture);
        return TimeSpan.FromSeconds(ticks / TicksPerSecond);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            Posix.Terminate(Id);
            await ExitAsync();
        }

        _process.Dispose();
    }

    private async Task ExitAsync()
    {
        try
        {
            await _process.WaitForExitAsync().WaitAsync(ExitLimit, TimeProvider.System);
        }
        catch (TimeoutException)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }
    }

    private double Mebibytes(string field)
    {
        var line = File.ReadLines($"/proc/{Id}/status")
            .Single(text => text.StartsWith(field, StringComparison.Ordinal));
        var kibibytes = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2];
        return double.Parse(kibibytes, CultureInfo.InvariantCulture) / 1024;
    }
}
