using ThinDeployer.Contract.Tests.Hosting;
using ThinDeployer.Contract.Tests.Http;

namespace ThinDeployer.Functions.Tests.Serving;

/// <summary>What the host's proxy does to long, large and many requests.</summary>
public sealed class ThroughTheHostTests
{
    private const int HostLimit = 104_857_600;
    private const int Waiting = 100;
    private const int MostMemoryMegabytes = 350;

    [Fact]
    public async Task A_log_that_is_silent_for_longer_than_the_host_allows_is_not_cut()
    {
        var start = FunctionsServer.With(
            ServiceYaml.Of("site", "echo begins; until [ -e go ]; do sleep 0.05; done; echo ends")
        );
        await using var server = await RunningServer.StartAsync(start with { Arguments = ["--silence", "17"] });
        var id = (await server.DeployAtOnceAsync("site")).Json.GetProperty("id").GetString()!;
        await using var log = await server.FollowAsync(id);
        await log.OutputUntilAsync("begins");

        await Task.Delay(TimeSpan.FromSeconds(20), TimeProvider.System);
        server.Workspace.TouchSite("go");

        var rest = await log.AllAsync();
        Assert.Equal("end", rest[^1].Type);
        Assert.Contains("ends", string.Concat(rest.Select(next => next.Text)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_that_leaves_changes_nothing()
    {
        await using var server = await FunctionsServer.StartAsync(
            ServiceYaml.Of("site", "touch began; until [ -e go ]; do sleep 0.02; done; touch done")
        );
        await using (var connection = await server.ConnectAsync())
        {
            await connection.SendAsync(RawRequest.Post("/deploy/site", "", $"X-Auth-Token: {ServiceYaml.Token}"));
            await server.Workspace.SiteHasAsync("began");
        }

        await Eventually.IsTrueAsync(
            () => server.Program.Output.Text.Contains("client_left", StringComparison.Ordinal),
            "the worker notices"
        );
        server.Workspace.TouchSite("go");

        await server.Workspace.SiteHasAsync("done");
        await Eventually.IsTrueAsync(() => server.CountAsync("succeeded"), 1, "it ended well");
    }

    [Fact]
    public async Task Two_hundred_megabytes_of_output_come_whole_and_fill_no_memory()
    {
        await using var server = await FunctionsServer.StartAsync(
            ServiceYaml.With("site", "max_output: 256MiB", "yes | head -c 200000000")
        );

        var id = (await server.DeployAtOnceAsync("site")).Json.GetProperty("id").GetString()!;
        var end = await server.EndOfAsync(id);
        await using var log = await server.OpenAsync(HttpMethod.Get, $"/deployments/{id}/log");

        Assert.Equal("succeeded", end.GetProperty("status").GetString());
        Assert.Equal(end.GetProperty("outputBytes").GetInt64(), await log.CountAsync());
        Assert.InRange(server.Program.PeakMemoryMegabytes(), 1, MostMemoryMegabytes);
    }

    [Fact]
    public async Task A_body_as_large_as_the_host_takes_arrives_and_a_larger_one_is_refused_in_time()
    {
        await using var server = await FunctionsServer.StartAsync(
            ServiceYaml.Of("site", "wc -c < $DEPLOYMENT_PAYLOAD_FILE"),
            ("THIN_DEPLOYER_MAX_BODY", "200MiB")
        );
        Assert.Contains(
            $"THIN_DEPLOYER_MAX_BODY: the host lets no body of more than {HostLimit} bytes through",
            server.Program.Output.Text,
            StringComparison.Ordinal
        );

        using var largest = new ByteArrayContent(new byte[HostLimit]);
        var taken = await server.DeployAsync("site", largest);
        var isRefused = await IsRefusedAsync(server, HostLimit + 1);

        Assert.Equal(202, taken.Status);
        Assert.Contains($"\n{HostLimit}\n", taken.Json.GetProperty("output").GetString(), StringComparison.Ordinal);
        Assert.True(isRefused);
        Assert.Equal(1, await server.CountAsync("succeeded"));
    }

    /// <summary>The host cuts the connection, perhaps before its answer was read.</summary>
    private static async Task<bool> IsRefusedAsync(RunningServer server, int bytes)
    {
        using var body = new ByteArrayContent(new byte[bytes]);
        try
        {
            return (await server.DeployAsync("site", body)).Status is >= 400 and < 600;
        }
        catch (HttpRequestException)
        {
            return true;
        }
    }

    [Fact]
    public async Task A_hundred_wait_at_once()
    {
        await using var server = await FunctionsServer.StartAsync(
            ServiceYaml.With("site", $"parallel: {Waiting}", "echo x >> began; until [ -e go ]; do sleep 0.2; done")
        );

        var answers = Enumerable.Range(0, Waiting).Select(_ => server.DeployAsync("site")).ToList();
        await Eventually.IsTrueAsync(() => server.Workspace.ReadSite("began").Length == 2 * Waiting, "all have begun");
        server.Workspace.TouchSite("go");

        Assert.All(await Task.WhenAll(answers), answer => Assert.Equal(202, answer.Status));
    }

    [Fact]
    public async Task No_answer_names_the_web_server()
    {
        await using var server = await FunctionsServer.StartAsync(ServiceYaml.Of("site", "true"));

        foreach (var path in (string[])["/", "/nothing", "/deploy/site"])
        {
            Assert.Null((await server.GetAsync(path)).Header("Server"));
        }
    }

    [Theory]
    [InlineData("Warning", false)]
    [InlineData("Information", true)]
    public async Task The_level_of_the_log_is_that_of_the_host(string level, bool isTold)
    {
        await using var server = await FunctionsServer.StartAsync(
            ServiceYaml.Of("site", "true"),
            ("AzureFunctionsJobHost__logging__logLevel__default", level),
            ("THIN_DEPLOYER_LOG_FILE_PREFIX", Workspace.HomeLog)
        );

        await server.GetAsync("/one");
        server.Program.Signal(PosixSignal.Terminate);
        await server.Program.ExitAsync();

        Assert.Equal(isTold, server.Program.Output.Text.Contains("GET /one", StringComparison.Ordinal));
        Assert.Equal(isTold, server.Workspace.ReadHomeLog().Contains("GET /one", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_proxy_for_the_commands_is_none_between_host_and_worker()
    {
        await using var server = await FunctionsServer.StartAsync(
            ServiceYaml.Of("site", "echo $http_proxy"),
            ("http_proxy", "http://127.0.0.1:1/")
        );

        var answer = await server.DeployAsync("site");

        Assert.Contains(
            "\nhttp://127.0.0.1:1/\n",
            answer.Json.GetProperty("output").GetString(),
            StringComparison.Ordinal
        );
    }
}
