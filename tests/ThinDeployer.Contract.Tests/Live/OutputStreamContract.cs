using ThinDeployer.Contract.Tests.Hosting;

namespace ThinDeployer.Contract.Tests.Live;

/// <summary>A deploy that is answered by its output, as it comes.</summary>
public abstract class OutputStreamContract<THost>(SharedServer<THost> shared) : HostContract<THost>(shared)
    where THost : IHostProgram, new()
{
    protected override string Configuration =>
        ServiceYaml.Of("waits", "echo before", "until [ -e waits.go ]; do sleep 0.02; done; echo after")
        + ServiceYaml.Of("fails", "echo tried", "printf 'no end'; exit 3")
        + ServiceYaml.Of("good", "printf 'no end'")
        + ServiceYaml.With("hurried", "respond: accepted", "echo output");

    [Fact]
    public async Task Output_comes_while_the_deployment_runs_and_its_end_is_the_last_line()
    {
        await using var stream = await Server.StreamAsync("waits");

        var before = await stream.TextUntilAsync("before\n");
        Server.Workspace.TouchSite("waits.go");
        var (rest, isWhole) = await stream.RestAsync();

        Assert.Equal((202, "text/plain"), (stream.Status, stream.Type));
        Assert.True(isWhole);
        var log = await Server.AskAsync($"{stream.Header("Location")}/log");
        Assert.Equal($"{log.Text} # Deployment succeeded: waits\n", before + rest);
    }

    [Fact]
    public async Task A_failure_is_told_and_then_the_connection_is_broken()
    {
        await using var stream = await Server.StreamAsync("fails");

        var (text, isWhole) = await stream.RestAsync();

        Assert.False(isWhole);
        Assert.EndsWith("failed with exit code 3\n # Deployment failed: fails\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_last_line_stands_alone()
    {
        await using var stream = await Server.StreamAsync("good");

        var (text, _) = await stream.RestAsync();

        Assert.EndsWith("no end\n # Deployment succeeded: good\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_that_answers_at_once_streams_for_who_asks()
    {
        await using var stream = await Server.StreamAsync("hurried");

        var (text, _) = await stream.RestAsync();

        Assert.Contains("\noutput\n", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("*/*")]
    [InlineData("application/json, text/plain, */*")]
    [InlineData("text/plain;q=0.5, application/json")]
    [InlineData("text/plain;q=0")]
    [InlineData("text/*")]
    [InlineData("not a type")]
    public async Task Who_does_not_prefer_text_gets_json(string accept)
    {
        var answer = await Server.GetAsync("/deploy/good", ("X-Auth-Token", ServiceYaml.Token), ("Accept", accept));

        Assert.Equal("succeeded", answer.Json.GetProperty("status").GetString());
    }

    [Fact]
    public async Task Who_does_not_want_to_wait_gets_json()
    {
        var answer = await Server.GetAsync(
            "/deploy/good",
            ("X-Auth-Token", ServiceYaml.Token),
            ("Accept", "text/plain"),
            ("Prefer", "respond-async")
        );

        Assert.NotEmpty(answer.Json.GetProperty("id").GetString()!);
    }

    [Fact]
    public async Task A_refusal_is_no_stream()
    {
        var answer = await Server.GetAsync("/deploy/good", ("Accept", "text/plain"));

        Assert.Equal(403, answer.Status);
        Assert.Contains("Invalid auth token", answer.Message, StringComparison.Ordinal);
    }
}
