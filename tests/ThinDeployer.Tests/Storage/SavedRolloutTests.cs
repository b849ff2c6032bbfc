using ThinDeployer.Deployments;
using ThinDeployer.Operating.Backups;
using ThinDeployer.Rollouts;

namespace ThinDeployer.Tests.Storage;

/// <summary>Backups of a record that has deployments of machines.</summary>
public sealed class SavedRolloutTests : IDisposable
{
    private static readonly string Done = Sample.Id(100);
    private static readonly string Runs = Sample.Id(101);
    private static readonly string Sent = Sample.Id(102);
    private static readonly string Waits = Sample.Id(103);

    private readonly TemporaryFolder _temporary = new();

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public async Task Those_of_machines_come_back_with_their_output()
    {
        await using (var harness = await RecordHarness.StartAsync(path: _temporary.At("data")))
        {
            await FillAsync(harness);
        }

        var manifest = await SaveAndLoadAsync();

        Assert.Equal((1, 2), (manifest.Deployments, manifest.Outputs));
        await using var restored = await RecordHarness.StartAsync(path: _temporary.At("restored"));
        var record = restored.Record;
        Assert.NotNull(record.FindRollout(Sample.Id(1)));
        Assert.Equal("output", await File.ReadAllTextAsync(restored.LogPath(Done)));
        Assert.StartsWith("output", await File.ReadAllTextAsync(restored.LogPath(Runs)), StringComparison.Ordinal);
        Assert.Equal(
            [
                (Done, DeploymentStatus.Succeeded),
                (Runs, DeploymentStatus.Interrupted),
                (Sent, DeploymentStatus.Interrupted),
                (Waits, DeploymentStatus.Cancelled),
            ],
            record.Children(Sample.Id(1)).Select(one => (one.Id, one.Status))
        );
        Assert.Equal(DeploymentStatus.Interrupted, record.Find(Sample.Id(1))!.Status);
    }

    private static async Task FillAsync(RecordHarness harness)
    {
        var whole = Sample.Entry(1, status: DeploymentStatus.Running) with { StartedAt = Sample.Noon };
        await harness.AcceptAsync(whole);
        var children = new[] { Done, Runs, Sent, Waits }
            .Select(
                (id, index) =>
                    whole with
                    {
                        Id = id,
                        Status = DeploymentStatus.Waiting,
                        StartedAt = null,
                        Child = new ChildPlace(whole.Id, $"web-{index + 1}", index),
                    }
            )
            .ToList();
        await harness.Record.BeginRolloutAsync(
            whole.Id,
            new RolloutState(
                [.. children.Select(child => new[] { child.Child!.Machine })],
                MaximumFailures: 0,
                Pause: TimeSpan.Zero,
                IsManual: false,
                WhenUnavailable.Wait,
                RolloutPlan.DefaultExpire,
                Allowed: 4
            ),
            children
        );
        await harness.Record.SaveChildAsync(
            children[0] with
            {
                Status = DeploymentStatus.Succeeded,
                FinishedAt = Sample.Noon,
                OutputBytes = 6,
            }
        );
        await harness.Record.SaveChildAsync(
            children[1] with
            {
                Status = DeploymentStatus.Running,
                StartedAt = Sample.Noon,
            }
        );
        await harness.Record.SaveChildAsync(children[2] with { Status = DeploymentStatus.Queued });
        harness.WriteLog(Done);
        harness.WriteLog(Runs);
    }

    private async Task<BackupManifest> SaveAndLoadAsync()
    {
        using var archive = new MemoryStream();
        using (var backup = Backup.Begin(_temporary.At("data"), Scratch("scratch"), TimeProvider.System))
        {
            backup.WriteTo(archive, CancellationToken.None);
        }

        archive.Position = 0;
        var restore = new Restore(Scratch("restored"));
        var manifest = restore.Unpack(archive, CancellationToken.None);
        await restore.EndUnfinishedAsync(Sample.Noon, TimeProvider.System, CancellationToken.None);
        return manifest;
    }

    private string Scratch(string name) => Directory.CreateDirectory(_temporary.At(name)).FullName;
}
