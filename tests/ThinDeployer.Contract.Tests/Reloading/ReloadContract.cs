using ThinDeployer.Contract.Tests.Hosting;

namespace ThinDeployer.Contract.Tests.Reloading;

/// <summary>A configuration that changes while the server runs. Each test has a server of its own.</summary>
public abstract class ReloadContract<THost>(SharedServer<THost> shared) : HostContract<THost>(shared)
    where THost : IHostProgram, new()
{
    [Fact]
    public async Task A_token_is_rotated_without_a_restart()
    {
        await using var server = await StartOwnAsync(Reloaded.Service(ServiceYaml.Token, "true"));

        server.Workspace.Write("deployer.yml", Reloaded.Service(Reloaded.NewToken, "true"));

        await Reloaded.EventuallyAsync(server, Reloaded.NewToken, 202);
        Assert.Equal(403, (await Reloaded.DeployAsync(server, ServiceYaml.Token)).Status);
    }

    [Fact]
    public async Task What_runs_and_waits_keeps_what_it_was_accepted_with()
    {
        await using var server = await StartOwnAsync(
            ServiceYaml.Of("site", "touch began; until [ -e go ]; do sleep 0.02; done; echo old >> ran")
        );
        await server.DeployAtOnceAsync("site");
        await server.Workspace.SiteHasAsync("began");
        var waiting = await server.DeployAtOnceAsync("site");

        server.Workspace.Write(
            "deployer.yml",
            ServiceYaml.Bare("other", $"token: {Reloaded.NewToken}, pwd: site", "true")
        );
        await Reloaded.EventuallyAsync(server, Reloaded.NewToken, 202, "other");
        var gone = await server.DeployAsync("site");
        server.Workspace.TouchSite("go");

        Assert.Equal((202, 404), (waiting.Status, gone.Status));
        await Eventually.IsTrueAsync(() => server.Workspace.ReadSite("ran") == "old\nold\n", "both ran as accepted");
    }

    [Fact]
    public async Task One_with_mistakes_changes_nothing_and_the_health_check_says_so()
    {
        await using var server = await StartOwnAsync(Reloaded.Service(ServiceYaml.Token, "true"), Reloaded.WithHealth);

        server.Workspace.Write("deployer.yml", "site: {token: x, comands: [ls]}\n");
        await Reloaded.HealthAsync(server, "comands");
        var kept = await Reloaded.DeployAsync(server, ServiceYaml.Token);
        var ready = await server.GetAsync("/technical/ready");
        server.Workspace.Write("deployer.yml", Reloaded.Service(Reloaded.NewToken, "true"));
        await Reloaded.EventuallyAsync(server, Reloaded.NewToken, 202);

        Assert.Equal((202, 204), (kept.Status, ready.Status));
        await Reloaded.HealthAsync(server, expected: null);
    }

    [Fact]
    public async Task No_request_sees_half_a_configuration_and_none_fails()
    {
        // What is exchanged is the core's; a host could only spoil the requests.
        var changes = IsBehindProxy ? 2 : 6;
        await using var server = await StartOwnAsync(Reloaded.Service(ServiceYaml.Token, "echo old"));
        using var end = new CancellationTokenSource();
        var load = Enumerable.Range(0, 4).Select(_ => Task.Run(() => HammerAsync(server, end.Token))).ToList();

        for (var i = 0; i < changes; i++)
        {
            var (token, command) = i % 2 == 0 ? (Reloaded.NewToken, "echo new") : (ServiceYaml.Token, "echo old");
            server.Workspace.Write("deployer.yml", Reloaded.Service(token, command));
            await Reloaded.EventuallyAsync(server, token, 202);
        }

        await end.CancelAsync();
        Assert.All(await Task.WhenAll(load), count => Assert.True(count > 0));
    }

    /// <summary>Each token belongs to one output; the one that does not count now is refused.</summary>
    private static async Task<int> HammerAsync(RunningServer server, CancellationToken end)
    {
        var count = 0;
        while (!end.IsCancellationRequested)
        {
            foreach (var (token, output) in new[] { (ServiceYaml.Token, "old"), (Reloaded.NewToken, "new") })
            {
                var answer = await Reloaded.DeployAsync(server, token);
                count++;
                Assert.True(
                    answer.Status == 403
                        || (answer.Status == 202 && answer.Printed is [var printed] && printed == output),
                    answer.ToString()
                );
            }
        }

        return count;
    }
}
