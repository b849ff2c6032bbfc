using ThinDeployer.Contract.Tests.Hosting;

namespace ThinDeployer.Contract.Tests.Client;

/// <summary>A server that is away when a command begins, or says "not now".</summary>
public sealed class PatienceTests : IDisposable
{
    private const string Id = "01a20ae4-0000-7000-8000-000000000000";
    private const string List = """{"deployments": []}""";

    private readonly Workspace _workspace = new();
    private readonly LateServer _server = new();

    public void Dispose()
    {
        _server.Dispose();
        _workspace.Dispose();
    }

    [Theory]
    [InlineData("deploy", "site")]
    [InlineData("rerun", Id)]
    [InlineData("cancel", Id)]
    [InlineData("list")]
    [InlineData("status", Id)]
    [InlineData("log", Id)]
    [InlineData("log", Id, "--follow")]
    [InlineData("status", "latest")]
    public async Task Every_command_waits_for_one_that_stays_away_as_long_as_it_is_told(params string[] arguments)
    {
        var run = await ProgramRun.ToEndAsync(Start([.. arguments, "--patience", "4s"]));

        Assert.Equal(ClientProgram.NotReached, run.ExitCode);
        Assert.True(run.Errors.Lines.Count > 1, run.Errors.Text);
        Assert.Contains("refused", run.Errors.Lines[0], StringComparison.Ordinal);
        Assert.Contains("in 0.5 s", run.Errors.Lines[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"deployments": []}""", "list")]
    [InlineData("""{"output": "no need", "reason": "ping"}""", "deploy", "site", "--allow-skip")]
    [InlineData("""{"id": "x", "status": "cancelled"}""", "cancel", Id)]
    public async Task Every_command_goes_on_when_the_server_comes(string answer, params string[] arguments)
    {
        await using var client = StartedProgram.Start(Start(arguments));
        await Eventually.IsTrueAsync(() => client.Errors.Lines.Count > 0, "the client waits");

        await _server.AnswerAsync(LateServer.Json("200 OK", answer));

        Assert.Equal(0, await client.ExitAsync());
    }

    [Theory]
    [InlineData("503 Service Unavailable", "list")]
    [InlineData("502 Bad Gateway", "list")]
    [InlineData("429 Too Many Requests", "list")]
    public async Task Not_now_is_waited_for(string status, params string[] arguments)
    {
        await using var client = StartedProgram.Start(Start(arguments));

        await _server.AnswerAsync(
            LateServer.Json(status, """{"message": "Not now"}""", "Retry-After: 0\r\n"),
            LateServer.Json("200 OK", List)
        );

        Assert.Equal(0, await client.ExitAsync());
        Assert.Contains("Not now", client.Errors.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_may_have_been_taken_is_not_sent_again()
    {
        await using var client = StartedProgram.Start(Start("deploy", "site"));

        await _server.AnswerAsync("");

        Assert.Equal(ClientProgram.NotReached, await client.ExitAsync());
        Assert.DoesNotContain("trying again", client.Errors.Lines[^1], StringComparison.Ordinal);
    }

    private ProgramStart Start(params string[] arguments) =>
        ClientProgram.Start(_workspace, _server.Address, arguments);
}
