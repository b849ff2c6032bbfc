using Microsoft.Extensions.Time.Testing;
using ThinDeployer.Deployments;
using ThinDeployer.Otlp;

namespace ThinDeployer.Tests.Otlp;

public sealed class SpanQueueTests
{
    private static readonly TimeSpan BatchTime = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly FakeTimeProvider _time = new();
    private readonly SpanQueue _queue;

    public SpanQueueTests() => _queue = new SpanQueue(BatchTime, _time);

    [Fact]
    public async Task A_batch_waits_for_others_to_come_along()
    {
        var taking = _queue.TakeAsync(CancellationToken.None);
        _queue.TryAdd(Spans(steps: 1));
        Assert.False(taking.IsCompleted);
        _queue.TryAdd(Spans(steps: 2));

        // It begins to wait on a thread of its own.
        while (!taking.IsCompleted)
        {
            _time.Advance(BatchTime);
            await Task.Yield();
        }

        Assert.Equal([2, 3], (await taking).Select(spans => spans.Count));
    }

    [Fact]
    public async Task One_that_is_full_does_not_wait()
    {
        for (var spans = 0; spans < SpanQueue.BatchSize + 10; spans += 10)
        {
            Assert.True(_queue.TryAdd(Spans(steps: 9)));
        }

        var batch = await _queue.TakeAsync(CancellationToken.None).WaitAsync(Patience, TimeProvider.System);

        Assert.Equal(SpanQueue.BatchSize / 10 * 10, batch.Sum(spans => spans.Count));
    }

    [Fact]
    public async Task At_the_end_what_is_there_comes_at_once()
    {
        _queue.TryAdd(Spans(steps: 1));
        using var end = new CancellationTokenSource();
        await end.CancelAsync();

        var first = await _queue.TakeAsync(end.Token).WaitAsync(Patience, TimeProvider.System);
        var second = await _queue.TakeAsync(end.Token).WaitAsync(Patience, TimeProvider.System);

        Assert.Single(first);
        Assert.Empty(second);
    }

    [Fact]
    public void What_finds_no_room_is_dropped()
    {
        for (var spans = 0; spans + 128 <= SpanQueue.MaximumSpans; spans += 128)
        {
            Assert.True(_queue.TryAdd(Spans(steps: 127)));
        }

        Assert.False(_queue.TryAdd(Spans(steps: 0)));
    }

    [Fact]
    public void Long_texts_take_room_too()
    {
        var command = new string('x', (int)(SpanQueue.MaximumBytes / sizeof(char) / 2));

        Assert.True(_queue.TryAdd(Spans(steps: 1, command)));
        Assert.False(_queue.TryAdd(Spans(steps: 1, command)));
    }

    [Fact]
    public void A_deployment_of_any_size_has_room_where_none_waits() =>
        Assert.True(_queue.TryAdd(Spans(steps: SpanQueue.MaximumSpans)));

    private static EndedSpans Spans(int steps, string command = "true") =>
        EndedSpans.Of(
            new DeploymentEntry
            {
                Sequence = 1,
                Id = "01890a5d-ac96-774b-bcce-b302099a8057",
                Service = "site",
                Status = DeploymentStatus.Succeeded,
                AcceptedAt = DateTimeOffset.UnixEpoch,
                Trigger = new DeploymentTrigger("127.0.0.1", "POST", Who: null),
                Values = new Dictionary<string, string>(),
                Steps =
                [
                    .. Enumerable.Repeat(
                        new StepResult(
                            command,
                            DeploymentStatus.Succeeded,
                            0,
                            1,
                            Message: null,
                            DateTimeOffset.UnixEpoch,
                            TimeSpan.Zero
                        ),
                        steps
                    ),
                ],
            }
        );
}
