using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using ThinDeployer.Http;

namespace ThinDeployer.Tests.Http;

public sealed class StrangerBodyTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly BodyBudget _budget = new(100_000);
    private readonly Pipe _sent = new();

    [Fact]
    public async Task A_body_that_does_not_end_in_a_minute_is_given_up_however_fast_it_began()
    {
        using var body = new StrangerBody(Request(), _budget, _time);
        await _sent.Writer.WriteAsync(new byte[50_000]);

        var answer = body.ReadAllAsync(CancellationToken.None);
        _time.Advance(TimeSpan.FromSeconds(59));
        Assert.False(answer.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.IsType<GateAnswer.BodyTooSlow>(await answer);
    }

    [Fact]
    public async Task What_it_took_is_free_again_when_it_is_done_with()
    {
        using (var body = new StrangerBody(Request(), _budget, _time))
        {
            await SendAsync(90_000);
            Assert.Null(await body.ReadAllAsync(CancellationToken.None));
            Assert.Equal(10_000, _budget.Left);
        }

        Assert.Equal(100_000, _budget.Left);
    }

    [Fact]
    public async Task Beyond_the_budget_there_is_no_room()
    {
        using var others = _budget.Open();
        others.TryTake(50_000);
        using var body = new StrangerBody(Request(), _budget, _time);
        await SendAsync(60_000);

        Assert.IsType<GateAnswer.NoRoom>(await body.ReadAllAsync(CancellationToken.None));
    }

    [Fact]
    public async Task A_body_that_could_never_fit_is_too_large()
    {
        using var body = new StrangerBody(Request(), _budget, _time);
        await SendAsync(100_001);

        Assert.IsType<GateAnswer.BodyTooLarge>(await body.ReadAllAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Who_leaves_is_not_told_that_it_was_slow()
    {
        using var gone = new CancellationTokenSource();
        using var body = new StrangerBody(Request(), _budget, _time);

        var answer = body.ReadAllAsync(gone.Token);
        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answer);
    }

    private async Task SendAsync(int length)
    {
        // The reader may not want all of it.
        _ = _sent.Writer.WriteAsync(new byte[length]).AsTask();
        await _sent.Writer.CompleteAsync();
    }

    private DeployRequest Request()
    {
        var context = new DefaultHttpContext();
        context.Request.Body = _sent.Reader.AsStream();
        return new DeployRequest(context.Request, maximumBody: 1_000_000, new HashSet<string>());
    }
}
