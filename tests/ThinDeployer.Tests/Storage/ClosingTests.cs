using ThinDeployer.Deployments;
using ThinDeployer.Storage;

namespace ThinDeployer.Tests.Storage;

public sealed class ClosingTests : IDisposable
{
    private readonly TemporaryFolder _temporary = new();

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public async Task Who_reads_when_it_is_closed_opens_nothing_again()
    {
        await using var harness = await RecordHarness.StartAsync(path: _temporary.At("data"));
        await harness.AcceptAsync(Sample.Entry(1));
        await harness.Record.DisposeAsync();

        Assert.Throws<RecordUnavailableException>(() => harness.Record.Find("any"));

        Assert.Equal(
            ["deployments.db"],
            Directory.GetFiles(_temporary.At("data"), "deployments.*").Select(Path.GetFileName)
        );
    }

    [Fact]
    public async Task Its_end_waits_for_who_still_reads()
    {
        using var folder = await DataFolder.OpenAsync(
            _temporary.At("data"),
            TimeSpan.Zero,
            TimeProvider.System,
            CancellationToken.None
        );
        var file = new RecordFile(folder);
        file.Prepare(Schema.Steps);
        var connections = new ReadConnections(file);
        var closing = Task.CompletedTask;

        connections.Use(_ =>
        {
            closing = connections.CloseAsync();
            Assert.False(closing.IsCompleted);
            return true;
        });

        await closing;
    }
}
