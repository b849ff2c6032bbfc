using ThinDeployer.Contract.Tests.Hosting;
using ThinDeployer.Contract.Tests.Http;

namespace ThinDeployer.Contract.Tests.Deploying;

/// <summary>A service's <c>request_regexp</c> decides by the body whether there is anything to do.</summary>
public abstract class RequestPatternContract<THost>(SharedServer<THost> shared) : HostContract<THost>(shared)
    where THost : IHostProgram, new()
{
    private const string NoNeed = "Request validation returned a status that there is no need to deploy";

    protected override string Configuration =>
        ServiceYaml.With(
            "branch",
            """request_regexp: "\"branch\": \"([production|stage]+)\"" """,
            "echo ran >> branch.log"
        )
        + ServiceYaml.With("whole", "request_regexp: '^(?P<all>deploy)$'", "true")
        + ServiceYaml.With("empty", "request_regexp: ''", "true")
        + ServiceYaml.With("umlaut", "request_regexp: 'grün'", "true")
        + ServiceYaml.With("nothing-sent", "request_regexp: '^$'", "true")
        + ServiceYaml.With("hard", "request_regexp: '^(a+)+\\1$'", "true");

    [Theory]
    [InlineData("branch", """{"branch": "production"}""")]
    [InlineData("branch", """a line before {"branch": "stage"} and one after""")]
    [InlineData("whole", "deploy")]
    [InlineData("empty", "anything")]
    [InlineData("umlaut", "ein grünes Haus")]
    [InlineData("nothing-sent", "")]
    public async Task A_body_in_which_it_is_found_runs_the_commands(string service, string body)
    {
        using var content = new StringContent(body);

        var answer = await Server.DeployAsync(service, content);

        Assert.Equal(202, answer.Status);
    }

    [Theory]
    [InlineData("branch", """{"branch": "feature"}""")]
    [InlineData("branch", "")]
    [InlineData("whole", "deployed")]
    [InlineData("umlaut", "ein graues Haus")]
    [InlineData("nothing-sent", "x")]
    public async Task A_body_in_which_it_is_not_found_runs_nothing(string service, string body)
    {
        using var content = new StringContent(body);

        var answer = await Server.DeployAsync(service, content);

        Assert.Equal(200, answer.Status);
        Assert.Equal(NoNeed, answer.Output);
    }

    [Fact]
    public async Task Nothing_ran_where_there_was_no_need()
    {
        var before = Server.Workspace.ReadSite("branch.log");
        using var other = new StringContent("""{"branch": "feature"}""");
        using var meant = new StringContent("""{"branch": "stage"}""");

        await Server.DeployAsync("branch", other);
        await Server.DeployAsync("branch", meant);

        Assert.Equal(before + "ran\n", Server.Workspace.ReadSite("branch.log"));
    }

    [Theory]
    [InlineData("nothing-sent", 202)]
    [InlineData("branch", 200)]
    public async Task A_call_without_a_body_is_searched_as_an_empty_text(string service, int status)
    {
        var answer = await Server.GetAsync($"/deploy/{service}", ("X-Auth-Token", ServiceYaml.Token));

        Assert.Equal(status, answer.Status);
    }

    [Fact]
    public async Task It_is_searched_in_a_form_that_carries_the_token_too()
    {
        var answer = await Server.SendRawAsync(
            RawRequest.Post(
                "/deploy/branch",
                $"token={ServiceYaml.Token}&payload={{\"branch\": \"stage\"}}",
                "Content-Type: application/x-www-form-urlencoded"
            )
        );

        Assert.Equal(202, answer.Status);
    }

    [Fact]
    public async Task A_body_that_is_no_text_cannot_be_decided()
    {
        using var content = new ByteArrayContent([.. "\"branch\": \"stage\""u8, 0xFF]);

        var answer = await Server.DeployAsync("branch", content);

        Assert.Equal(400, answer.Status);
        Assert.NotEmpty(answer.Message);
    }

    [Fact]
    public async Task A_body_that_would_keep_the_search_busy_for_ever_cannot_be_decided()
    {
        using var content = new StringContent(new string('a', 5_000) + "b");

        var answer = await Server.DeployAsync("hard", content).WaitAsync(TimeSpan.FromSeconds(5), TimeProvider.System);

        Assert.Equal(400, answer.Status);
        Assert.NotEmpty(answer.Message);
        Assert.Equal(200, (await Server.GetAsync("/")).Status);
    }
}
