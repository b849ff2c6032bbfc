using ThinDeployer.Contract.Tests.Hosting;

namespace ThinDeployer.Contract.Tests.Standalone;

/// <summary>What happens while the disk of the data folder is full: a small one of the server's own.</summary>
public sealed class FullDiskTests
{
    private const string HealthToken = "the-health-token-of-these-tests";

    [Fact]
    public async Task New_work_is_refused_what_runs_goes_on_and_it_recovers_by_itself()
    {
        var workspace = new Workspace();
        workspace.Write(
            "deployer.yml",
            ServiceYaml.With(
                "fills",
                $"environment: {{DATA: '{workspace.Data}'}}",
                "echo before; seq 1 1000; until [ -s $DATA/logs/$DEPLOYMENT_ID.log ]; do sleep 0.02; done; head -c 9000000 /dev/zero > $DATA/fill 2> /dev/null; touch full; "
                    + "until [ -e printed ]; do sleep 0.02; [ ! -e print ] || { seq 1 20000; touch printed; }; done; "
                    + "until [ -e free ]; do sleep 0.02; done; rm $DATA/fill; echo after"
            ) + ServiceYaml.Of("other", "true")
        );
        var settings = new Dictionary<string, string> { ["HC_TOKEN"] = HealthToken, ["HC_MAX_DISK_USAGE"] = "100" };
        await using var server = await RunningServer.StartAsync(
            new ProgramStart(new SmallDiskServer("size=2m"), workspace) { Settings = settings }
        );
        var running = server.DeployAsync("fills");
        await workspace.SiteHasAsync("full");

        var refused = await server.DeployAsync("other");
        var sick = await HealthAsync(server);
        workspace.TouchSite("print");
        await workspace.SiteHasAsync("printed");
        workspace.TouchSite("free");
        var answer = await running;
        var accepted = await server.DeployAsync("other");
        var well = await HealthAsync(server);

        Assert.Equal(503, refused.Status);
        Assert.NotNull(refused.Header("Retry-After"));
        Assert.Equal(500, sick.Status);
        Assert.Contains("\"checker\":\"record\"", sick.Text, StringComparison.Ordinal);
        Assert.Equal(202, answer.Status);
        Assert.Equal("before", answer.Printed[0]);
        Assert.Contains("bytes could not be stored", answer.Output, StringComparison.Ordinal);
        Assert.Equal("after", answer.Printed[^1]);
        Assert.Equal((202, 200), (accepted.Status, well.Status));
    }

    /// <summary>The deployment's own log takes the last of the disk, or there is no file left to be made.</summary>
    [Theory]
    [InlineData("size=1m")]
    [InlineData("nr_inodes=9")]
    public async Task What_its_own_output_fills_ends_as_it_ended_and_says_what_was_lost(string disk)
    {
        var workspace = new Workspace();
        workspace.Write(
            "deployer.yml",
            ServiceYaml.Of("talks", $"touch {workspace.Data}/taken; seq 1 300000; exit 3")
                + ServiceYaml.Of("other", "true")
        );
        await using var server = await RunningServer.StartAsync(new ProgramStart(new SmallDiskServer(disk), workspace));

        var answer = await server.DeployAsync("talks");
        var next = await server.DeployAsync("other");
        var kept = (await server.AskAsync(answer.Header("Location")!)).Json;

        Assert.Equal((500, "failed"), (answer.Status, answer.Json.GetProperty("status").GetString()));
        Assert.Contains("bytes could not be stored: No space left on device", answer.Output, StringComparison.Ordinal);
        Assert.Equal("failed", kept.GetProperty("status").GetString());

        // The end may have made room: a write-ahead log goes with its last connection.
        Assert.True(next.Status is 503 || (next.Status is 202 && next.OutputLines is [.., " > true"]), next.Text);
    }

    /// <summary>Such as LimitFSIZE of systemd; the signal that comes with it ends a program that does not expect it.</summary>
    [Fact]
    public async Task A_limit_of_the_file_size_is_a_full_disk_and_no_end()
    {
        var workspace = new Workspace();
        workspace.Write("deployer.yml", ServiceYaml.Of("talks", "seq 1 600000; exit 3"));
        await using var server = await RunningServer.StartAsync(
            new ProgramStart(new WrappedHost(new StandaloneServer(), "ulimit -f 4096"), workspace)
            {
                // The runtime that compiles while it runs would want a larger file for that.
                Settings = new Dictionary<string, string> { ["DOTNET_EnableWriteXorExecute"] = "0" },
            }
        );

        var answer = await server.DeployAsync("talks");

        Assert.Equal((500, "failed"), (answer.Status, answer.Json.GetProperty("status").GetString()));
        Assert.Contains(
            "bytes could not be stored: the file would be too large",
            answer.Output,
            StringComparison.Ordinal
        );
    }

    private static Task<Http.Answer> HealthAsync(RunningServer server) =>
        server.GetAsync("/technical/healthcheck", ("X-Auth-Token", HealthToken));

    /// <summary>The server with a small data folder, mounted where nobody else sees it (unshare(1)).</summary>
    private sealed class SmallDiskServer(string options) : IHostProgram
    {
        private readonly StandaloneServer _server = new();

        public string Path => "/usr/bin/unshare";

        public IReadOnlyList<string> Arguments =>
            [
                "--map-root-user",
                "--mount",
                "/bin/sh",
                "-c",
                $"mount -t tmpfs -o {options} tmpfs \"$THIN_DEPLOYER_DATA\" && exec \"$0\" \"$@\"",
                _server.Path,
                .. _server.Arguments,
            ];

        public IReadOnlyDictionary<string, string> Environment => _server.Environment;
    }
}
