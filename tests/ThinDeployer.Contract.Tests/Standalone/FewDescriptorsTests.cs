using ThinDeployer.Contract.Tests.Guarding;
using ThinDeployer.Contract.Tests.Hosting;
using ThinDeployer.Contract.Tests.Http;

namespace ThinDeployer.Contract.Tests.Standalone;

/// <summary>What happens where the server may have few files open, and others want them.</summary>
public sealed class FewDescriptorsTests
{
    /// <summary>The runtime itself keeps about 170 open.</summary>
    private const string Few = "ulimit -n 256";

    [Fact]
    public async Task Who_opens_three_hundred_connections_keeps_out_neither_others_nor_what_runs()
    {
        await using var server = await StartAsync();
        var id = (await server.DeployAtOnceAsync("walks")).Json.GetProperty("id").GetString()!;
        await using var live = await server.FollowAsync(id);
        var stranger = new Stranger(server);
        var silent = new List<RawHttp>();
        for (var i = 0; i < 300; i++)
        {
            silent.Add(await stranger.ConnectAsync());
        }

        Assert.Equal(200, (await new Stranger(server).GetAsync("/")).Status);
        server.Workspace.TouchSite("go");
        Assert.Equal("succeeded", (await server.EndOfAsync(id)).GetProperty("status").GetString());
        Assert.Equal("end", (await live.AllAsync())[^1].Type);
        Assert.Contains("LimitNOFILE", server.Program.Transcript, StringComparison.Ordinal);
        Assert.Contains($"{stranger.Address} has ", server.Program.Transcript, StringComparison.Ordinal);
        foreach (var connection in silent)
        {
            await connection.DisposeAsync();
        }
    }

    [Fact]
    public async Task While_there_are_none_a_step_waits_and_the_configuration_stays()
    {
        await using var server = await StartAsync();
        server.Workspace.TouchSite("go");
        Assert.Equal(202, (await server.DeployAsync("walks")).Status);
        File.Delete(Path.Join(server.Workspace.Site, "go"));
        File.Delete(Path.Join(server.Workspace.Site, "walks"));
        var running = server.DeployAsync("walks");
        await server.Workspace.SiteHasAsync("walks");

        Descriptors.Limit(server.Program.Id, 1);
        server.Program.Signal(PosixSignal.HangUp);
        server.Workspace.TouchSite("go");
        await Eventually.IsTrueAsync(() => Has(server, "can't be looked at now"), "the configuration can't be read");
        await Eventually.IsTrueAsync(() => Has(server, "waits with its next step"), "the next step can't start");
        Descriptors.Limit(server.Program.Id, 256);

        Assert.Equal(202, (await running).Status);
        await Eventually.IsTrueAsync(
            () => Has(server, "configuration has not changed"),
            "it was read when it could be"
        );
        Assert.False(Has(server, "has mistakes"));
    }

    private static bool Has(RunningServer server, string text) =>
        server.Program.Transcript.Contains(text, StringComparison.Ordinal);

    private static Task<RunningServer> StartAsync()
    {
        var workspace = new Workspace();
        workspace.Write(
            "deployer.yml",
            ServiceYaml.With(
                "walks",
                "",
                "echo first; touch walks; until [ -e go ]; do sleep 0.1; done",
                "echo second",
                "echo third"
            )
        );
        return RunningServer.StartAsync(new ProgramStart(new WrappedHost(new StandaloneServer(), Few), workspace));
    }
}
