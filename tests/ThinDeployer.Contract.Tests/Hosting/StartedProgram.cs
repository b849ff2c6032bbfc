using System.Diagnostics;
using System.Globalization;

namespace ThinDeployer.Contract.Tests.Hosting;

/// <summary>A real process of a host, with all that it prints.</summary>
public sealed class StartedProgram : IAsyncDisposable
{
    /// <summary>Longer than a server with a deployment that resists may take to stop.</summary>
    private static readonly TimeSpan ExitLimit = TimeSpan.FromSeconds(40);

    private readonly Process _process;
    private readonly IHostProgram _host;

    private StartedProgram(Process process, IHostProgram host) => (_process, _host) = (process, host);

    public CapturedOutput Output { get; } = new();

    public CapturedOutput Errors { get; } = new();

    public int Id => _process.Id;

    /// <summary>The process that holds the core: the program itself, or one that it started.</summary>
    public int CoreId => _host.ProcessesBehind(this) is [.., var behind] ? behind : _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>Everything printed, to stand in the message of a test that fails.</summary>
    public string Transcript => $"--- stdout\n{Output.Text}\n--- stderr\n{Errors.Text}\n---";

    public static StartedProgram Start(ProgramStart start)
    {
        ArgumentNullException.ThrowIfNull(start);
        var process = new Process { StartInfo = start.ToProcess() };
        var program = new StartedProgram(process, start.Host);
        process.OutputDataReceived += (_, line) => program.Output.Add(line.Data);
        process.ErrorDataReceived += (_, line) => program.Errors.Add(line.Data);
        process.Start();
        process.StandardInput.Close();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return program;
    }

    /// <summary>The most memory that the core's process ever had, as proc(5) tells it (VmHWM).</summary>
    public long PeakMemoryMegabytes() => StatusMegabytes("VmHWM:");

    /// <summary>What the core's process has now (VmRSS).</summary>
    public long MemoryMegabytes() => StatusMegabytes("VmRSS:");

    /// <summary>What it has read so far from files and pipes, but not from sockets, as proc(5) tells it (rchar).</summary>
    public long BytesRead()
    {
        var line = File.ReadLines($"/proc/{CoreId}/io")
            .Single(text => text.StartsWith("rchar:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture);
    }

    public void Signal(int signal) => PosixSignal.Send(_process.Id, signal);

    /// <summary>Waits until it has ended and all it printed is here.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> ExitAsync()
    {
        try
        {
            await _process.WaitForExitAsync().WaitAsync(ExitLimit, TimeProvider.System);
        }
        catch (TimeoutException exception)
        {
            throw new TimeoutException(
                $"The program did not end in {ExitLimit.TotalSeconds:0} s.\n{Transcript}",
                exception
            );
        }

        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            Signal(PosixSignal.Terminate);
            await EndAsync();
        }

        foreach (var left in _host.ProcessesBehind(this))
        {
            PosixSignal.Send(left, PosixSignal.Kill);
        }

        _process.Dispose();
    }

    private long StatusMegabytes(string name)
    {
        var line = File.ReadLines($"/proc/{CoreId}/status")
            .Single(text => text.StartsWith(name, StringComparison.Ordinal));
        var kilobytes = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2];
        return long.Parse(kilobytes, CultureInfo.InvariantCulture) / 1024;
    }

    private async Task EndAsync()
    {
        try
        {
            await ExitAsync();
        }
        catch (TimeoutException)
        {
            _process.Kill();
            // What it left behind may hold its output open: the workspace ends that, later.
            await _process
                .WaitForExitAsync()
                .WaitAsync(ExitLimit, TimeProvider.System)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
