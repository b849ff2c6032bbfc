using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using ThinDeployer.Audit;
using ThinDeployer.Configuration;
using ThinDeployer.Deployments;
using ThinDeployer.Machines;
using ThinDeployer.Outbox;
using ThinDeployer.Security;
using ThinDeployer.Steps;
using ThinDeployer.Storage;
using ThinDeployer.Tests.Deployments;

namespace ThinDeployer.Tests;

/// <summary>A host whose start fails, as by a port in use, disposes of what it never told to stop.</summary>
public sealed class EngineStartTests : IDisposable
{
    private static readonly TimeSpan Plenty = TimeSpan.FromMinutes(1);

    private readonly TemporaryFolder _folder = new();
    private readonly EngineRoom _room = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Nothing_runs_any_more_when_it_is_disposed_of()
    {
        var start = New(HostProfile.Standalone, TimeProvider.System);
        await start.StartingAsync(CancellationToken.None);
        var deployment = await BeginAsync();

        await start.DisposeAsync();
        await start.DisposeAsync();

        Assert.True(deployment.End.IsCompleted);
        Assert.DoesNotContain(LiveProcess.All(), process => IsOf(process, deployment));
        Assert.Equal(DeploymentStatus.Interrupted, await SavedStatusAsync(deployment));
    }

    [Fact]
    public async Task Nothing_is_opened_any_more_when_it_is_disposed_of()
    {
        var time = new FakeTimeProvider();
        var start = New(HostProfile.Functions, time);
        using (await OpenFolderAsync())
        {
            await start.StartingAsync(CancellationToken.None);
            await start.DisposeAsync();
        }

        // The next look at the folder, if there were one.
        time.Advance(Plenty);

        Assert.Null(_room.Open);
        (await OpenFolderAsync()).Dispose();
    }

    private async Task<Deployment> BeginAsync()
    {
        var policy = new QueuePolicy(1, WhenBusy.Queue, MaximumWaiting: 1, AnswersAtOnce: true);
        var began = _folder.At("began");
        var plan = SampleCall.Plan(policy, commands: $"touch '{began}'; sleep 60");
        var answer = await _room.Open!.Queue.EnqueueAsync(SampleCall.Admitted("site"), plan, SampleCall.Plain);
        Assert.True(SpinWait.SpinUntil(() => File.Exists(began), Plenty));
        return Assert.IsType<QueueAnswer.Accepted>(answer).Deployment;
    }

    private static bool IsOf(LiveProcess process, Deployment deployment) =>
        process.Variable(StepMarker.Name)?.StartsWith(deployment.Id, StringComparison.Ordinal) is true;

    private async Task<DeploymentStatus> SavedStatusAsync(Deployment deployment)
    {
        using var folder = await OpenFolderAsync();
        await using var record = SqliteRecord.Open(folder, NullLogger<SqliteRecord>.Instance);
        return record.Find(deployment.Id)!.Status;
    }

    private Task<DataFolder> OpenFolderAsync() =>
        DataFolder.OpenAsync(_folder.At("data"), TimeSpan.Zero, TimeProvider.System, CancellationToken.None);

    private EngineStart New(HostProfile profile, TimeProvider time)
    {
        var configuration = _folder.Write(
            "deployer.yml",
            "site: {token: a-token-that-is-long-enough, pwd: /, commands: ['true']}"u8.ToArray()
        );
        var settings = ServerSettings.Read(
            _ => null,
            name =>
                name switch
                {
                    "THIN_DEPLOYER_CONFIGURATION" => configuration,
                    "THIN_DEPLOYER_DATA" => _folder.At("data"),
                    "THIN_DEPLOYER_SHUTDOWN_GRACE" => "0s",
                    _ => null,
                }
        );
        var current = new CurrentConfiguration(LoadedConfiguration.Load(settings).Snapshot);
        return new EngineStart(
            settings.Engine,
            settings.Configuration,
            current,
            profile,
            _room,
            [],
            new OutboxSender([], _ => null, TimeSpan.Zero, new OutboxCounts(), time, NullLogger<OutboxSender>.Instance),
            new CredentialUses(time),
            new AuditTrail(time, NullLogger<AuditTrail>.Instance),
            new FrontDesk(
                new FrontRoom(line: null, time),
                new AuditTrail(time, NullLogger<AuditTrail>.Instance),
                time,
                NullLoggerFactory.Instance
            ),
            time,
            NullLoggerFactory.Instance
        );
    }
}
