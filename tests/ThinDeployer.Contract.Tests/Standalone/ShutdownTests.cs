using System.Globalization;
using ThinDeployer.Contract.Tests.Hosting;
using ThinDeployer.Contract.Tests.Http;

namespace ThinDeployer.Contract.Tests.Standalone;

/// <summary>What happens to those who call while the server goes away.</summary>
public sealed class ShutdownTests
{
    private const string Right = $"X-Auth-Token: {ServiceYaml.Token}";

    /// <summary>What the long step starts; each writes its id to a file of its name.</summary>
    private static readonly string[] Offspring = ["child", "session", "deaf", "orphan"];

    private static readonly string Configuration =
        ServiceYaml.Of("short", "touch began; until [ -e go ]; do sleep 0.02; done; echo done")
        + ServiceYaml.Of("other", "echo ran >> other.log")
        + ServiceYaml.Of(
            "long",
            "echo $$ > shell.pid",
            """
            sleep 120 & echo $! > child.pid
            setsid sleep 120 & echo $! > session.pid
            (trap '' TERM; touch deaf.began; while :; do sleep 1; done) & echo $! > deaf.pid
            (sleep 120 & echo $! > orphan.pid) &
            until [ -e deaf.began ] && [ -s orphan.pid ]; do sleep 0.02; done
            echo this is kept; touch long.began; wait
            """,
            "touch never"
        );

    [Theory]
    [InlineData(PosixSignal.Terminate)]
    [InlineData(PosixSignal.Interrupt)]
    public async Task Without_work_it_ends_well_and_soon(int signal)
    {
        await using var server = await StartAsync();
        await server.GetAsync("/");
        await using var silent = await server.ConnectAsync();

        server.Program.Signal(signal);

        Assert.Equal(0, await server.Program.ExitAsync().WaitAsync(TimeSpan.FromSeconds(5), TimeProvider.System));
        Assert.Empty(server.Program.Errors.Lines);
    }

    [Theory]
    [InlineData(PosixSignal.Terminate)]
    [InlineData(PosixSignal.Interrupt)]
    public async Task What_runs_is_finished_and_answered_and_what_is_new_is_refused(int signal)
    {
        await using var server = await StartAsync();
        await using var open = await server.ConnectAsync();
        await open.SendAsync(RawRequest.Get("/"));
        await open.ReadAnswerAsync();
        var running = server.DeployAsync("short");
        await server.Workspace.SiteHasAsync("began");
        var waiting = server.DeployAsync("short");
        await Eventually.IsTrueAsync(() => server.CountAsync("queued"), 1, "the second waits");

        server.Program.Signal(signal);
        await IsNotReadyAsync(server);
        var onNewConnection = await server.SendRawAsync(RawRequest.Post("/deploy/other", "", Right));
        await open.SendAsync(RawRequest.Post("/deploy/other", "", Right));
        var onOpenConnection = await open.ReadAnswerAsync();
        server.Workspace.TouchSite("go");

        Assert.All([onNewConnection, onOpenConnection], AssertLater);
        Assert.Equal((202, "queued"), ((await waiting).Status, (await waiting).Json.GetProperty("status").GetString()));
        Assert.Equal(202, (await running).Status);
        Assert.Equal(["done"], (await running).Printed);
        Assert.Equal(0, await server.Program.ExitAsync());
        Assert.Equal("", server.Workspace.ReadSite("other.log"));
    }

    [Fact]
    public async Task What_does_not_end_by_itself_is_stopped_whole_and_its_caller_is_told()
    {
        await using var server = await StartAsync();
        var running = server.DeployAsync("long");
        await server.Workspace.SiteHasAsync("long.began");
        var processes = Offspring.Select(name => server.Workspace.SiteProcess($"{name}.pid")).ToList();
        Assert.All(processes, process => Assert.True(process.IsAlive));

        server.Program.Signal(PosixSignal.Terminate);
        var answer = await running;
        var exitCode = await server.Program.ExitAsync();

        Assert.All(processes, process => Assert.False(process.IsAlive));
        Assert.Empty(ForeignProcess.Below(server.Workspace.Site));
        Assert.Equal(500, answer.Status);
        Assert.Equal("interrupted", answer.Json.GetProperty("status").GetString());
        Assert.Contains("this is kept", answer.Printed);
        Assert.StartsWith(
            "Command \"",
            answer.Json.GetProperty("steps")[1].GetProperty("message").GetString(),
            StringComparison.Ordinal
        );
        Assert.False(File.Exists(server.Workspace.At("site", "never")));
        Assert.Equal(0, exitCode);
    }

    private static Task<RunningServer> StartAsync()
    {
        var workspace = new Workspace();
        workspace.Write("deployer.yml", Configuration);
        return RunningServer.StartAsync(ServerStart.With(workspace, "--shutdown-grace", "2s"));
    }

    /// <summary>Waits until the server has taken notice of the signal.</summary>
    private static async Task IsNotReadyAsync(RunningServer server)
    {
        var ready = 204;
        while (ready != 503)
        {
            Assert.Equal(204, ready);
            ready = (await server.GetAsync("/technical/ready")).Status;
        }
    }

    private static void AssertLater(Answer answer)
    {
        Assert.Equal(503, answer.Status);
        Assert.True(int.Parse(answer.Header("Retry-After")!, CultureInfo.InvariantCulture) > 0);
        Assert.NotEmpty(answer.Message);
    }
}
