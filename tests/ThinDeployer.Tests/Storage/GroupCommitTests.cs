using ThinDeployer.Deployments;

namespace ThinDeployer.Tests.Storage;

/// <summary>The writer is held up by its first transaction, so that what comes meanwhile waits together.</summary>
public sealed class GroupCommitTests : IAsyncLifetime, IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly ManualResetEventSlim _mayGoOn = new();
    private RecordHarness _harness = null!;
    private Task _first = null!;

    public async Task InitializeAsync()
    {
        using var reached = new SemaphoreSlim(0);
        var isFirst = true;
        _harness = await RecordHarness.StartAsync(_ =>
        {
            if (isFirst)
            {
                isFirst = false;
                reached.Release();
                _mayGoOn.Wait();
            }
        });
        _first = _harness.Record.AcceptAsync(Sample.Entry(1), []);
        await reached.WaitAsync();
    }

    public async Task DisposeAsync()
    {
        _mayGoOn.Set();
        await _harness.DisposeAsync();
    }

    public void Dispose() => _mayGoOn.Dispose();

    [Fact]
    public async Task What_waits_together_is_saved_by_one_commit()
    {
        var others = _harness.AcceptAsync(Enumerable.Range(2, 200).Select(n => Sample.Entry(n)));

        await GoOnAsync(others);

        Assert.Equal(2, _harness.Record.Commits);
        Assert.Equal(201, _harness.Record.Unfinished().Count);
    }

    [Fact]
    public async Task Nothing_is_said_to_be_saved_before_it_is()
    {
        var other = _harness.Record.AcceptAsync(Sample.Entry(2), []);

        Assert.False(_first.IsCompleted);
        Assert.Empty(_harness.Record.Unfinished());
        await GoOnAsync(other);
    }

    [Fact]
    public async Task A_write_that_takes_long_is_seen_until_it_ends()
    {
        Assert.True(SpinWait.SpinUntil(() => _harness.Record.Writing > TimeSpan.FromMilliseconds(1), Limit));

        _mayGoOn.Set();
        await _first;

        Assert.True(SpinWait.SpinUntil(() => _harness.Record.Writing == TimeSpan.Zero, Limit));
    }

    [Fact]
    public async Task A_bad_request_does_not_fail_its_neighbours()
    {
        var before = _harness.Record.AcceptAsync(Sample.Entry(2), []);
        var twice = _harness.Record.AcceptAsync(Sample.Entry(3) with { Id = Sample.Id(2) }, []);
        var unknown = _harness.Record.StartAsync(Sample.Begins(Sample.Id(99), Sample.Noon), Sample.Begun);
        var after = _harness.Record.AcceptAsync(Sample.Entry(4), []);

        await GoOnAsync(before, after);

        await Assert.ThrowsAnyAsync<Exception>(() => twice);
        await Assert.ThrowsAsync<InvalidOperationException>(() => unknown);
        Assert.Equal([1, 2, 4], _harness.Record.Unfinished().Select(entry => entry.Sequence));
        Assert.Null(_harness.Record.Trouble);
    }

    [Fact]
    public async Task Requests_are_saved_in_the_order_in_which_they_came()
    {
        var accept = _harness.Record.AcceptAsync(Sample.Entry(2), []);
        var start = _harness.Record.StartAsync(Sample.Begins(Sample.Id(2), Sample.Noon.AddSeconds(1)), Sample.Begun);
        var end = _harness.Record.EndAsync(Sample.Ended(2), keep: 5);

        await GoOnAsync(accept, start, end);

        Assert.Equal(DeploymentStatus.Succeeded, _harness.Record.Find(Sample.Id(2))?.Status);
    }

    private Task GoOnAsync(params Task[] others)
    {
        _mayGoOn.Set();
        return Task.WhenAll([_first, .. others]);
    }
}
