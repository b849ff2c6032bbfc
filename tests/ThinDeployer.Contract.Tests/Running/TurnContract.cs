using System.Globalization;
using ThinDeployer.Contract.Tests.Hosting;
using ThinDeployer.Contract.Tests.Http;

namespace ThinDeployer.Contract.Tests.Running;

/// <summary>Which deployment runs when others want to.</summary>
public abstract class TurnContract<THost>(SharedServer<THost> shared) : HostContract<THost>(shared)
    where THost : IHostProgram, new()
{
    private const int AtOnce = 5;

    protected override string Configuration =>
        ServiceYaml.Of("counts", "echo begin $DEPLOYMENT_ID >> turns", "echo middle >> turns", "echo end >> turns")
        + ServiceYaml.Of(
            "waits",
            "touch waits.began",
            "until [ -e waits.go ]; do sleep 0.02; done",
            "touch waits.ended"
        )
        + ServiceYaml.Of(
            "first",
            "echo $DEPLOYMENT_ID >> order; touch first.began; until [ -e first.go ]; do sleep 0.02; done"
        )
        + ServiceYaml.Of(
            "left",
            "touch left.began; until [ -e left.go ]; do sleep 0.02; done; echo after you left",
            "touch left.ended"
        )
        + ServiceYaml.Of("other", "echo ran");

    [Fact]
    public async Task Deployments_of_one_service_never_overlap()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => Server.DeployAsync("counts")));

        var lines = Server.Workspace.ReadSite("turns").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.All(answers, answer => Assert.Equal(202, answer.Status));
        Assert.All(
            lines.Chunk(3),
            turn => Assert.Equal("begin middle end", string.Join(' ', turn.Select(line => line.Split(' ')[0])))
        );
        Assert.Equal(AtOnce, lines.Distinct().Count(line => line.StartsWith("begin", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Those_that_wait_run_in_the_order_accepted()
    {
        var waiting = new List<Task<Answer>> { Server.DeployAsync("first") };
        await Server.Workspace.SiteHasAsync("first.began");
        while (waiting.Count < AtOnce)
        {
            waiting.Add(Server.DeployAsync("first"));
            // Some round trips, so that the ids of two, which hold the time of acceptance, differ.
            await Task.WhenAll(Server.GetAsync("/"), Server.DeployAsync("other"));
        }

        Server.Workspace.TouchSite("first.go");
        await Task.WhenAll(waiting);

        var ran = Server.Workspace.ReadSite("order").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(AtOnce, ran.Length);
        Assert.Equal(ran.Select(AcceptedAt).Order(), ran.Select(AcceptedAt));
    }

    [Fact]
    public async Task While_one_runs_other_services_and_all_else_is_served()
    {
        var waiting = Server.DeployAsync("waits");
        await Server.Workspace.SiteHasAsync("waits.began");

        var other = await Server.DeployAsync("other");
        var hello = await Server.GetAsync("/");

        Assert.Equal(202, other.Status);
        Assert.Equal(200, hello.Status);
        Assert.False(waiting.IsCompleted);
        Server.Workspace.TouchSite("waits.go");
        Assert.Equal(202, (await waiting).Status);
        Assert.True(File.Exists(Server.Workspace.At("site", "waits.ended")));
    }

    [Fact]
    public async Task A_client_that_goes_away_changes_nothing()
    {
        await using (var connection = await Server.ConnectAsync())
        {
            await connection.SendAsync(RawRequest.Get("/deploy/left", $"X-Auth-Token: {ServiceYaml.Token}"));
            await Server.Workspace.SiteHasAsync("left.began");
        }

        Server.Workspace.TouchSite("left.go");

        await Server.Workspace.SiteHasAsync("left.ended");
    }

    /// <summary>The first 48 bits of a UUID version 7 are milliseconds (RFC 9562, section 5.7).</summary>
    private static long AcceptedAt(string id) =>
        long.Parse(
            id.Replace("-", "", StringComparison.Ordinal)[..12],
            NumberStyles.AllowHexSpecifier,
            CultureInfo.InvariantCulture
        );
}
