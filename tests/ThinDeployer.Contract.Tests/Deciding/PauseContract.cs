using ThinDeployer.Contract.Tests.Hosting;

namespace ThinDeployer.Contract.Tests.Deciding;

/// <summary>A paused service begins nothing, until it is resumed.</summary>
public abstract class PauseContract<THost>(SharedServer<THost> shared) : HostContract<THost>(shared)
    where THost : IHostProgram, new()
{
    private const string AdminToken = "the-admin-token-of-these-tests";

    private static readonly Dictionary<string, string> AsAdmin = new() { ["THIN_DEPLOYER_ADMIN_TOKEN"] = AdminToken };

    protected override string Configuration =>
        Deciders.Service("one", "parallel: 2", "echo ran >> one.ran")
        + Deciders.Service("refuses", "keep: 5", "true")
        + Deciders.Service("short", "keep: 5", "true")
        + ServiceYaml.Of("other", "true");

    protected override IReadOnlyDictionary<string, string> Settings(Workspace workspace) => AsAdmin;

    [Fact]
    public async Task What_comes_meanwhile_waits_in_the_queue_and_runs_when_it_goes_on()
    {
        var paused = await Server.AskAsync("/services/one/pause", Deciders.Bob, ("reason", "a disk is changed"));

        Assert.Equal(200, paused.Status);
        Assert.Equal("bob", paused.Json.GetProperty("paused").GetProperty("who").GetString());
        var first = await Server.DeployAsync("one");
        var second = await Server.DeployAsync("one");
        Assert.All([first, second], answer => Assert.Equal(202, answer.Status));
        Assert.Equal("queued", first.Json.GetProperty("status").GetString());
        Assert.Contains(
            "a disk is changed",
            first.Json.GetProperty("waitsFor").GetProperty("message").GetString(),
            StringComparison.Ordinal
        );
        Assert.Equal(202, (await Server.DeployAsync("other")).Status);
        var services = (await Server.AskAsync("/services")).Json.GetProperty("services").EnumerateArray();
        var shown = Assert.Single(services, service => service.GetProperty("name").GetString() == "one");
        Assert.Equal("queue", shown.GetProperty("paused").GetProperty("mode").GetString());

        var resumed = await Server.AskAsync("/services/one/resume", ServiceYaml.Token);

        Assert.Equal(200, resumed.Status);
        Assert.False(resumed.Json.TryGetProperty("paused", out _));
        foreach (var answer in (await Task.WhenAll(EndOf(first), EndOf(second))))
        {
            Assert.Equal("succeeded", answer);
        }
    }

    [Fact]
    public async Task One_that_refuses_says_why_and_until_when()
    {
        await Server.AskAsync(
            "/services/refuses/pause",
            Deciders.Alice,
            ("mode", "refuse"),
            ("until", "2h"),
            ("reason", "no")
        );

        var answer = await Server.DeployAsync("refuses");

        Assert.Equal(409, answer.Status);
        Assert.Contains("alice", answer.Json.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.NotEmpty(answer.Headers["Retry-After"]);
        await Server.AskAsync("/services/refuses/resume", Deciders.Alice);
        Assert.Equal(202, (await Server.DeployAsync("refuses")).Status);
    }

    [Fact]
    public async Task One_with_an_end_goes_on_by_itself()
    {
        await Server.AskAsync("/services/short/pause", Deciders.Alice, ("until", "1s"));

        var answer = await Server.DeployAtOnceAsync("short");

        Assert.Equal(
            "succeeded",
            (await Server.EndOfAsync(answer.Json.GetProperty("id").GetString()!)).GetProperty("status").GetString()
        );
    }

    [Fact]
    public async Task What_is_said_must_be_understood_and_only_the_admin_pauses_all()
    {
        var mode = await Server.AskAsync("/services/one/pause", Deciders.Bob, ("mode", "stop"));
        var until = await Server.AskAsync("/services/one/pause", Deciders.Bob, ("until", "yesterday"));
        var past = await Server.AskAsync("/services/one/pause", Deciders.Bob, ("until", "2001-01-01"));
        var foreign = await Server.AskAsync("/services/other/pause", Deciders.Bob);
        var all = await Server.AskAsync("/services/*/pause", Deciders.Bob);

        Assert.Equal([400, 400, 400, 404, 404], new[] { mode, until, past, foreign, all }.Select(one => one.Status));
    }

    [Fact]
    public async Task All_are_paused_at_once_over_a_crash()
    {
        var start = new ProgramStart(new THost(), new Workspace()) { Settings = AsAdmin };
        start.Workspace.Write("deployer.yml", ServiceYaml.Of("site", "touch ran"));
        var server = await RunningServer.StartAsync(start);
        Assert.Equal(200, (await server.AskAsync("/services/*/pause", AdminToken, ("reason", "an outage"))).Status);
        var answer = await server.DeployAsync("site");

        server = await server.CrashAndRestartAsync(start);
        await using var last = server;
        var id = answer.Json.GetProperty("id").GetString()!;

        Assert.Equal("queued", await last.StatusAsync(id));
        Assert.Equal(200, (await last.AskAsync("/services/*/resume", AdminToken)).Status);
        Assert.Equal("succeeded", (await last.EndOfAsync(id)).GetProperty("status").GetString());
    }

    private async Task<string?> EndOf(Http.Answer answer) =>
        (await Server.EndOfAsync(answer.Json.GetProperty("id").GetString()!)).GetProperty("status").GetString();
}
