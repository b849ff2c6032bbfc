using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using ThinDeployer.Contract.Tests.Hosting;
using Xunit.Abstractions;

namespace ThinDeployer.Contract.Tests.Standalone;

/// <summary>
/// Kills, stops, freezes, fills, removes and starves at random, under load. By hand, for as many seconds as
/// <c>THIN_DEPLOYER_CHAOS_SECONDS</c> says (docs/security.md, "How it is tested").
/// </summary>
public sealed class ChaosTests(ITestOutputHelper output) : IDisposable
{
    private const int Clients = 3;

    /// <summary>More than are accepted between two looks at all of them.</summary>
    private const int Kept = 10_000;

    private const int Continue = 18;
    private const int Freeze = 19;

    /// <summary>With the same one, the same happens in the same order; it is in the message of a test that fails.</summary>
    private static readonly int Seed = Environment.ProcessId;

    /// <summary>After so long, all that was accepted is waited for and looked at.</summary>
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(
        int.TryParse(
            Environment.GetEnvironmentVariable("THIN_DEPLOYER_CHAOS_SECONDS"),
            CultureInfo.InvariantCulture,
            out var seconds
        )
            ? seconds
            : 0
    );

    private readonly Workspace _workspace = new();
    private readonly Random _random = new(Seed);
    private readonly ConcurrentDictionary<string, bool> _accepted = new();
    private RunningServer _server = null!;
    private int _checked;

    private string Disk => _workspace.At("disk");

    private string Data => Path.Join(Disk, "data");

    private ProgramStart Start =>
        ServerStart.With(_workspace) with
        {
            Settings = new Dictionary<string, string> { ["THIN_DEPLOYER_DATA"] = Data },
        };

    public void Dispose() => _workspace.Dispose();

    [ByHandFact]
    public async Task Whatever_happens_nothing_accepted_is_lost_and_nothing_runs_twice()
    {
        _workspace.Write(
            "deployer.yml",
            ServiceYaml.With("one", $"max_queued: 1000, keep: {Kept}", "echo $DEPLOYMENT_ID >> ran")
                + ServiceYaml.With("four", $"parallel: 4, max_queued: 1000, keep: {Kept}", "echo $DEPLOYMENT_ID >> ran")
        );
        Directory.CreateDirectory(Disk);
        await RunAsync("mount", "-t", "tmpfs", "-o", "size=64m", "none", Disk);
        try
        {
            _server = await RunningServer.StartAsync(Start);
            using var enough = new CancellationTokenSource(Duration, TimeProvider.System);
            while (!enough.IsCancellationRequested)
            {
                using var round = CancellationTokenSource.CreateLinkedTokenSource(enough.Token);
                round.CancelAfter(Round);
                await ThroughChaosAsync(round.Token);
                await AllIsKnownAsync();
            }

            output.WriteLine($"{_checked} were accepted; none was lost, none ran twice");
        }
        finally
        {
            await _server.Program.DisposeAsync();
            await RunAsync("umount", Disk);
        }
    }

    private async Task ThroughChaosAsync(CancellationToken enough)
    {
        var load = Enumerable.Range(0, Clients).Select(number => DeployAsync(number, enough)).ToList();
        Func<Task>[] troubles =
        [
            KillAsync,
            StopAsync,
            FreezeAsync,
            FillAsync,
            RemoveLogsAsync,
            MoveAwayAsync,
            StarveAsync,
        ];
        while (!enough.IsCancellationRequested)
        {
            await PauseAsync();
            await troubles[_random.Next(troubles.Length)]();
        }

        await Task.WhenAll(load);
    }

    /// <summary>One after the other, some thirty a second; what is not accepted is no loss.</summary>
    private async Task DeployAsync(int number, CancellationToken enough)
    {
        while (!enough.IsCancellationRequested)
        {
            try
            {
                var answer = await _server.DeployAtOnceAsync(number == 0 ? "one" : "four");
                if (answer.Status == 202)
                {
                    _accepted[answer.Json.GetProperty("id").GetString()!] = true;
                }
            }
            catch (Exception exception)
                when (exception
                        is HttpRequestException
                            or ObjectDisposedException
                            or OperationCanceledException
                            or IOException
                            or JsonException
                )
            {
                // It was killed, is full, or has no descriptor.
            }

            await Task.Delay(TimeSpan.FromMilliseconds(30), TimeProvider.System, CancellationToken.None);
        }
    }

    private async Task AllIsKnownAsync()
    {
        var ended = new Dictionary<string, string>();
        foreach (var id in _accepted.Keys)
        {
            ended[id] = (await _server.EndOfAsync(id)).GetProperty("status").GetString()!;
        }

        var timesOf = _workspace
            .ReadSite("ran")
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .CountBy(id => id)
            .ToDictionary();
        foreach (var (id, status) in ended)
        {
            var times = timesOf.GetValueOrDefault(id);
            Assert.True(
                status == "succeeded" ? times == 1 : status is "interrupted" or "failed" && times <= 1,
                $"seed {Seed}: {id} is {status} and ran {times} times\n{_server.Program.Transcript}"
            );
        }

        Assert.NotEmpty(ended);
        Assert.All(timesOf, run => Assert.Equal(1, run.Value));
        _checked += ended.Count;
        _accepted.Clear();
    }

    private async Task KillAsync() => _server = await _server.CrashAndRestartAsync(Start);

    private async Task StopAsync()
    {
        _server.Program.Signal(PosixSignal.Terminate);
        await _server.Program.ExitAsync();
        await _server.Program.DisposeAsync();
        _server = await RunningServer.StartAsync(Start);
    }

    private async Task FreezeAsync()
    {
        _server.Program.Signal(Freeze);
        await PauseAsync();
        _server.Program.Signal(Continue);
    }

    /// <summary>To the last byte, which the server then gives up its reserve for.</summary>
    private async Task FillAsync()
    {
        var fill = Path.Join(Disk, "fill");
        await RunAsync("sh", "-c", $"cat /dev/zero > {fill} 2> /dev/null; true");
        await PauseAsync();
        File.Delete(fill);
    }

    /// <summary>While some may just be made: what is not empty then stays.</summary>
    private Task RemoveLogsAsync() => RunAsync("sh", "-c", $"rm -rf {Data}/logs 2> /dev/null; true");

    private async Task MoveAwayAsync()
    {
        Directory.Move(Data, Data + ".away");
        await PauseAsync();
        Directory.Move(Data + ".away", Data);
    }

    private async Task StarveAsync()
    {
        var server = _server.Program.Id.ToString(CultureInfo.InvariantCulture);
        await RunAsync("prlimit", "--pid", server, "--nofile=60:");
        await PauseAsync();
        Assert.False(_server.Program.HasExited, _server.Program.Transcript);
        var hard = $"$(awk '/^Max open files/ {{ print $5 }}' /proc/{server}/limits)";
        await RunAsync("sh", "-c", $"prlimit --pid {server} --nofile={hard}:");
    }

    private Task PauseAsync() =>
        Task.Delay(TimeSpan.FromMilliseconds(_random.Next(100, 900)), TimeProvider.System, CancellationToken.None);

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
    }

    /// <summary>It takes as long as it is told to: the limit of the others is not its own.</summary>
    private sealed class ByHandFactAttribute : Xunit.FactAttribute
    {
        public ByHandFactAttribute()
        {
            if (Environment.UserName != "root" || Duration == TimeSpan.Zero)
            {
                Skip = "By hand, as root: THIN_DEPLOYER_CHAOS_SECONDS says how long.";
            }
        }
    }
}
