using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using ThinDeployer.Http;
using ThinDeployer.Security;

namespace ThinDeployer.Tests.Http;

public sealed class StrangerBodyTests
{
    private static readonly FailureKey Somebody = FailureKey.Of(IPAddress.Loopback);

    private readonly FakeTimeProvider _time = new();
    private readonly BodyBudget _budget = new(large: 200_000);
    private readonly Pipe _sent = new();

    [Fact]
    public async Task A_body_that_does_not_end_in_a_minute_is_given_up_however_fast_it_comes()
    {
        using var body = Open();

        var answer = body.ReadAllAsync(CancellationToken.None);
        for (var second = 0; second < 59; second++)
        {
            await SendAndWaitAsync(2_100);
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.False(answer.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.IsType<GateAnswer.BodyTooSlow>(await answer);
    }

    [Fact]
    public async Task A_body_that_falls_silent_is_given_up_after_ten_seconds_however_fast_it_began()
    {
        using var body = Open();

        var answer = body.ReadAllAsync(CancellationToken.None);
        await SendAndWaitAsync(50_000);
        _time.Advance(TimeSpan.FromSeconds(9));
        Assert.False(answer.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.IsType<GateAnswer.BodyTooSlow>(await answer);
    }

    [Fact]
    public async Task A_drop_now_and_then_does_not_keep_it()
    {
        using var body = Open();

        var answer = body.ReadAllAsync(CancellationToken.None);
        await SendAndWaitAsync(50_000);
        for (var second = 0; second < 10; second++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await SendAndWaitAsync(100);
        }

        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.IsType<GateAnswer.BodyTooSlow>(await answer);
    }

    [Fact]
    public async Task What_it_took_is_free_again_when_it_is_done_with()
    {
        using (var body = Open())
        {
            await SendAsync(90_000);
            Assert.Null(await body.ReadAllAsync(CancellationToken.None));
            Assert.Equal(110_000, _budget.Left.Large);
        }

        Assert.Equal(200_000, _budget.Left.Large);
    }

    [Fact]
    public async Task Beyond_the_budget_an_address_finds_no_room()
    {
        using var other = _budget.Open(Somebody);
        other.TryTake(190_000);
        using var body = Open();
        await SendAsync(70_000);

        Assert.IsType<GateAnswer.NoRoom>(await body.ReadAllAsync(CancellationToken.None));
    }

    [Fact]
    public async Task A_body_that_lingers_gives_way_to_that_of_somebody_else()
    {
        using var body = Open();
        var answer = body.ReadAllAsync(CancellationToken.None);
        await SendAndWaitAsync(190_000);

        using var other = _budget.Open(FailureKey.Of(IPAddress.IPv6Loopback));
        Assert.True(other.TryTake(150_000));

        Assert.IsType<GateAnswer.GaveWay>(await answer);
    }

    [Fact]
    public async Task A_body_that_could_never_fit_is_too_large()
    {
        using var body = Open();
        await SendAsync(200_001);

        Assert.IsType<GateAnswer.BodyTooLarge>(await body.ReadAllAsync(CancellationToken.None));
    }

    [Theory]
    [InlineData(StrangerBody.FormLimit, false, false, null)]
    [InlineData(StrangerBody.FormLimit, false, true, null)]
    [InlineData(StrangerBody.FormLimit, true, false, null)]
    [InlineData(StrangerBody.FormLimit, true, true, null)]
    [InlineData(StrangerBody.FormLimit + 1, false, false, "form_too_large")]
    [InlineData(StrangerBody.FormLimit + 1, false, true, "form_too_large")]
    [InlineData(StrangerBody.FormLimit + 1, true, false, "form_too_large")]
    [InlineData(StrangerBody.FormLimit + 1, true, true, "form_too_large")]
    public async Task A_token_is_looked_for_in_a_small_form_only_even_if_it_is_read_already(
        int length,
        bool isAnnounced,
        bool isRead,
        string? reason
    )
    {
        var request = Request("application/x-www-form-urlencoded", isAnnounced ? length : null);
        using var body = new StrangerBody(request, _budget, _budget.Open(Somebody), _time);
        await SendAsync(length);
        if (isRead)
        {
            Assert.Null(await body.ReadAllAsync(CancellationToken.None));
        }

        var answer = await body.ReadFormAsync(CancellationToken.None);

        Assert.Equal(reason, (answer as GateAnswer.Refused)?.Reason);
    }

    [Fact]
    public async Task A_form_that_is_announced_to_be_too_large_is_not_waited_for()
    {
        var request = Request("application/x-www-form-urlencoded", StrangerBody.FormLimit + 1);
        using var body = new StrangerBody(request, _budget, _budget.Open(Somebody), _time);

        var answer = body.ReadFormAsync(CancellationToken.None);

        Assert.True(answer.IsCompleted);
        Assert.Equal(new GateAnswer.Refused("form_too_large"), await answer);
    }

    [Theory]
    [InlineData(2, true, false)]
    [InlineData(2, false, true)]
    [InlineData(200_001, false, false)]
    public async Task A_body_that_another_service_would_prove_takes_the_time_of_it(
        int length,
        bool isOwn,
        bool isProven
    )
    {
        var proven = new List<int>();
        var claim = new SignatureClaim.OverBody(read =>
        {
            proven.Add(read.Length);
            return true;
        });
        using var body = Open();
        await SendAsync(length);

        var answer = await body.ReadAsAnyServiceAsync(
            claim,
            isOwn ? claim : new SignatureClaim.Absent(),
            readsForm: true,
            CancellationToken.None
        );

        Assert.Equal(length > 200_000, answer is GateAnswer.BodyTooLarge);
        Assert.Equal(isProven ? [length] : [], proven);
    }

    [Fact]
    public async Task Who_leaves_is_not_told_that_it_was_slow()
    {
        using var gone = new CancellationTokenSource();
        using var body = Open();

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

    /// <summary>Until it is counted.</summary>
    private async Task SendAndWaitAsync(int length)
    {
        var (large, small) = _budget.Left;
        await _sent.Writer.WriteAsync(new byte[length]);
        while (_budget.Left.Small + _budget.Left.Large > small + large - length)
        {
            await Task.Yield();
        }
    }

    private StrangerBody Open() => new(Request(), _budget, _budget.Open(Somebody), _time);

    private DeployRequest Request(string? contentType = null, long? length = null)
    {
        var context = new DefaultHttpContext();
        context.Request.ContentType = contentType;
        context.Request.ContentLength = length;
        context.Request.Body = _sent.Reader.AsStream();
        return new DeployRequest(context.Request, maximumBody: 1_000_000, new HashSet<string>());
    }
}
