using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using ThinDeployer.Http;
using ThinDeployer.Security;
using ThinDeployer.Telemetry;

namespace ThinDeployer.Tests.Http;

/// <summary>The form of the sign-in is the body of a stranger: who holds it and does not send it has tried.</summary>
public sealed class DoorSignInTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly Pipe _sent = new();

    [Fact]
    public async Task A_form_that_does_not_come_is_a_failed_attempt()
    {
        var failures = new FailureLimiter(1, _time);
        var signIn = SignInAsync(failures, new BodyBudget(), _sent.Reader.AsStream());

        _time.Advance(TimeSpan.FromSeconds(60));

        Assert.IsType<GateAnswer.BodyTooSlow>(await signIn);
        Assert.NotNull(failures.WaitOf(ClientAddress.Unknown.KeyAt("/ui/sign-in")));
    }

    [Fact]
    public async Task So_is_one_that_breaks_off()
    {
        var failures = new FailureLimiter(1, _time);
        var signIn = SignInAsync(failures, new BodyBudget(), _sent.Reader.AsStream());

        await _sent.Writer.CompleteAsync(new IOException("gone"));

        await Assert.ThrowsAnyAsync<IOException>(() => signIn);
        Assert.NotNull(failures.WaitOf(ClientAddress.Unknown.KeyAt("/ui/sign-in")));
    }

    [Fact]
    public async Task Where_there_is_no_room_for_it_nothing_counts()
    {
        var failures = new FailureLimiter(1, _time);

        var answer = await SignInAsync(failures, new BodyBudget(large: 0, small: 0), new MemoryStream(new byte[100]));

        Assert.IsType<GateAnswer.NoRoom>(answer);
        Assert.Null(failures.WaitOf(ClientAddress.Unknown.KeyAt("/ui/sign-in")));
    }

    private async Task<GateAnswer> SignInAsync(FailureLimiter failures, BodyBudget budget, Stream body)
    {
        var context = new DefaultHttpContext();
        context.Request.Method = HttpMethods.Post;
        context.Request.Body = body;
        var form = new DeployRequest(context.Request, maximumBody: 16 * 1024, new HashSet<string>());
        var door = new Door(DoorKeys.None, failures, budget, new RequestCounts(), _time);
        return (await door.SignInAsync(context, form)).Answer;
    }
}
