using System.Text.Json;
using ThinDeployer.Contract.Tests.Hosting;
using ThinDeployer.Contract.Tests.Http;

namespace ThinDeployer.Contract.Tests.Standalone;

/// <summary>What becomes of a deployment whose server is killed before it is known whether it answers.</summary>
public sealed class VerifyCrashTests
{
    private const int Rounds = 8;
    private const int LongestMilliseconds = 80;

    private const string Back = "on_failure: ['echo back >> back']";

    /// <summary>Different in each run; it is in the message of a test that fails.</summary>
    private static readonly int Seed = Environment.ProcessId;

    [Fact]
    public async Task One_that_ran_a_check_is_interrupted_and_rolled_back()
    {
        var start = With(
            $"verify: [{{run: 'setsid sleep 600 & echo $! > daemon'}}, {{run: 'echo $$ > check; touch began; sleep 600', timeout: 1h}}], {Back}"
        );
        var server = await RunningServer.StartAsync(start);
        var id = (await server.DeployAtOnceAsync("site")).Json.GetProperty("id").GetString()!;
        await server.Workspace.SiteHasAsync("began");

        await using var next = await server.CrashAndRestartAsync(start);
        var end = await BackAsync(next, id);

        var daemon = next.Workspace.SiteProcess("daemon");
        Assert.Equal(
            ["verify succeeded", "verify interrupted", "on_failure succeeded"],
            end.GetProperty("hooks").EnumerateArray().Select(Told)
        );
        Assert.Equal("interrupted", end.GetProperty("status").GetString());
        Assert.Equal("back\n", next.Workspace.ReadSite("back"));
        Assert.Equal((true, false), (daemon.IsAlive, next.Workspace.SiteProcess("check").IsAlive));
        daemon.Kill();
    }

    [Theory]
    [InlineData("/slow?crash", "timeout: 1h")]
    [InlineData("/down?crash", "delay: 1h")]
    public async Task One_that_asked_or_waited_to_ask_again_is_interrupted_and_rolled_back(string target, string more)
    {
        var start = With($"verify: [{{url: '{StandInShop.Shared.Url}{target}', {more}}}], {Back}");
        var server = await RunningServer.StartAsync(start);
        var id = (await server.DeployAtOnceAsync("site")).Json.GetProperty("id").GetString()!;
        await Eventually.IsTrueAsync(() => StandInShop.Shared.Asked(target) > 0, "it asks");

        await using var next = await server.CrashAndRestartAsync(start);
        var end = await BackAsync(next, id);

        Assert.Equal(1, StandInShop.Shared.Asked(target));
        Assert.Equal("interrupted", end.GetProperty("status").GetString());
        Assert.Equal(
            ["verify interrupted", "on_failure succeeded"],
            end.GetProperty("hooks").EnumerateArray().Select(Told)
        );
    }

    /// <summary>Somewhere between the first step and the last check.</summary>
    [Fact]
    public async Task At_any_moment_it_is_verified_or_rolled_back_and_never_both()
    {
        var random = new Random(Seed);
        var start = With(
            $"verify: [{{url: '{StandInShop.Shared.Url}/up'}}, {{run: 'true'}}, {{url: '{StandInShop.Shared.Url}/up'}}], {Back}"
        );
        var server = await RunningServer.StartAsync(start);
        for (var round = 0; round < Rounds; round++)
        {
            File.Delete(server.Workspace.At("site", "back"));
            var id = (await server.DeployAtOnceAsync("site")).Json.GetProperty("id").GetString()!;
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(LongestMilliseconds)), TimeProvider.System);
            server = await server.CrashAndRestartAsync(start);
            var end = await server.EndOfAsync(id);
            var status = end.GetProperty("status").GetString();
            if (status == "interrupted")
            {
                await BackAsync(server, id);
            }

            var checks = end.TryGetProperty("hooks", out var hooks) ? hooks.EnumerateArray().Select(Told).ToList() : [];
            Assert.True(
                status == "succeeded"
                    ? checks.Count(check => check == "verify succeeded") == 3 && server.Workspace.ReadSite("back") == ""
                    : status == "interrupted" && server.Workspace.ReadSite("back") == "back\n",
                $"seed {Seed}: {end}"
            );
        }

        await server.DisposeAsync();
    }

    /// <summary>The deployment, once its rollback is over.</summary>
    private static async Task<JsonElement> BackAsync(RunningServer server, string id)
    {
        var deployment = default(JsonElement);
        await Eventually.IsTrueAsync(
            async () =>
            {
                deployment = (await server.AskAsync($"/deployments/{id}")).Json;
                return
                    deployment.TryGetProperty("hooks", out var hooks)
                    && hooks.EnumerateArray().Any(hook => Told(hook) == "on_failure succeeded")
                    ? 1
                    : 0;
            },
            1,
            "it is rolled back"
        );
        return deployment;
    }

    private static string Told(JsonElement hook) =>
        $"{hook.GetProperty("hook").GetString()} {hook.GetProperty("status").GetString()}";

    private static ProgramStart With(string keys)
    {
        var workspace = new Workspace();
        workspace.Write("deployer.yml", ServiceYaml.With("site", keys, "true"));
        return ServerStart.With(workspace);
    }
}
