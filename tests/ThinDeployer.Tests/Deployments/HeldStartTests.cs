using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using ThinDeployer.Deployments;
using ThinDeployer.Machines;
using ThinDeployer.Steps;
using ThinDeployer.Tests.Storage;

namespace ThinDeployer.Tests.Deployments;

/// <summary>The shell of a first step is started while the record is written, and must not do anything before it is.</summary>
#pragma warning disable CA1001 // The runner calls DisposeAsync.
public sealed class HeldStartTests : IAsyncLifetime
#pragma warning restore CA1001
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TemporaryFolder _site = new();
    private readonly ManualResetEventSlim _disk = new(initialState: false);
    private bool _isDiskFull;
    private RecordHarness _harness = null!;
    private DeploymentQueue _queue = null!;

    private string Trace => _site.At("trace");

    public async Task InitializeAsync()
    {
        _harness = await RecordHarness.StartAsync(WaitForDisk);
        var time = TimeProvider.System;
        var patient = new PatientRecord(_harness.Record, time, NullLogger<PatientRecord>.Instance);
        var runner = new StepRunner(
            TimeSpan.FromSeconds(1),
            new StepProcesses(new StepGroups(folder: null), time),
            launcher: null,
            time,
            NullLogger<StepRunner>.Instance
        );
        var engine = new DeploymentEngine(
            runner,
            patient,
            new DeploymentListeners([]),
            time,
            NullLogger<DeploymentEngine>.Instance
        )
        {
            Rollouts = new NoMachines(_harness.Record, time),
        };
        _queue = new DeploymentQueue(
            engine.RunAsync,
            _harness.Record,
            patient,
            new DeploymentListeners([]),
            maximumRunning: 10,
            time,
            NullLogger<DeploymentQueue>.Instance
        );
        _queue.Open();
    }

    public async Task DisposeAsync()
    {
        _disk.Set();
        await _queue.StopAsync(TimeSpan.Zero);
        _queue.Dispose();
        await _harness.DisposeAsync();
        _disk.Dispose();
        _site.Dispose();
    }

    [Fact]
    public async Task The_shell_waits_for_the_disk_and_its_command_sees_an_empty_input()
    {
        var accepting = EnqueueAsync($"cat >{Trace}; echo end >>{Trace}");
        await HeldAsync();
        Assert.False(File.Exists(Trace));
        Assert.False(accepting.IsCompleted);

        _disk.Set();

        var accepted = Assert.IsType<QueueAnswer.Accepted>(await accepting);
        var result = await accepted.Deployment.End.WaitAsync(Patience, TimeProvider.System);
        Assert.Equal(DeploymentStatus.Succeeded, result?.Status);
        Assert.Equal("end\n", await File.ReadAllTextAsync(Trace));
    }

    [Fact]
    public async Task Where_the_disk_is_full_nothing_has_run_and_nothing_stays()
    {
        var accepting = EnqueueAsync($"echo ran >{Trace}");
        await HeldAsync();

        _isDiskFull = true;
        _disk.Set();

        Assert.IsType<QueueAnswer.NotSaved>(await accepting);
        await UntilAsync(() => !IsHeld());
        Assert.False(File.Exists(Trace));
        Assert.Equal((0, 0), _queue.Load("site"));
        Assert.Empty(_harness.Record.List(new DeploymentFilter(Services: null, Status: null, Before: null, Limit: 1)));
        Assert.Empty(Directory.EnumerateFiles(_harness.Record.Outputs.Folder));
    }

    private void WaitForDisk(SqliteConnection connection)
    {
        _disk.Wait();
        if (_isDiskFull)
        {
            const int full = 13;
            throw new SqliteException("full", full);
        }
    }

    private Task<QueueAnswer> EnqueueAsync(string command)
    {
        var queue = new QueuePolicy(1, WhenBusy.Queue, MaximumWaiting: 2, AnswersAtOnce: false);
        var plan = SampleCall.Plan(queue, _site.FullName, commands: command);
        return _queue.EnqueueAsync(SampleCall.Admitted("site"), plan, SampleCall.Plain);
    }

    private Task HeldAsync() => UntilAsync(IsHeld);

    private bool IsHeld() =>
        Directory
            .EnumerateDirectories("/proc")
            .Any(process => CommandLine(process).Contains(Trace, StringComparison.Ordinal));

    private static string CommandLine(string process)
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, "cmdline"));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private static async Task UntilAsync(Func<bool> isTrue)
    {
        using var limit = new CancellationTokenSource(Patience, TimeProvider.System);
        while (!isTrue())
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
