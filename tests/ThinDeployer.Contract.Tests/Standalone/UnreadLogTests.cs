using System.Globalization;
using ThinDeployer.Contract.Tests.Hosting;
using ThinDeployer.Contract.Tests.Http;

namespace ThinDeployer.Contract.Tests.Standalone;

/// <summary>What happens while the log can't be written as fast as it comes: nothing waits for it.</summary>
public sealed class UnreadLogTests
{
    private const string HealthToken = "the-health-token-of-these-tests";
    private const int Strangers = 12_000;
    private const int Connections = 8;

    private static readonly TimeSpan Quick = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task A_console_that_nobody_reads_holds_nothing_up_and_the_loss_is_counted()
    {
        await using var server = await StartAsync(new UnreadServer());

        await FloodAsync(server);
        var live = await server.GetAsync("/technical/live").WaitAsync(Quick, TimeProvider.System);
        var deployed = await server.DeployAsync("site").WaitAsync(Quick, TimeProvider.System);
        var sick = await HealthAsync(server);
        server.Workspace.Write("read", "");
        var id = deployed.Json.GetProperty("id").GetString()!;
        await Eventually.IsTrueAsync(
            () =>
                Console(server).Contains("lines of the log were lost", StringComparison.Ordinal)
                && Console(server).Contains($"{id} of site succeeded", StringComparison.Ordinal),
            "the loss and the deployment were told"
        );

        Assert.Equal((204, 202), (live.Status, deployed.Status));
        Assert.Equal(500, sick.Status);
        var check = Assert.Single(
            sick.Json.GetProperty("results").EnumerateArray(),
            result => result.GetProperty("checker").GetString() == "log"
        );
        Assert.Contains("the console", check.GetProperty("output").GetString(), StringComparison.Ordinal);
        Assert.Contains($"{id} of site was accepted", Console(server), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_log_file_on_a_full_disk_is_told_by_the_console_and_the_health_check()
    {
        await using var server = await StartAsync(new StandaloneServer(), "--log-file-prefix", "/dev/full");

        await Eventually.IsTrueAsync(
            () => server.Program.Output.Text.Contains("/dev/full", StringComparison.Ordinal),
            "the console told of it"
        );
        var sick = await HealthAsync(server);
        var deployed = await server.DeployAsync("site").WaitAsync(Quick, TimeProvider.System);

        Assert.Equal((500, 202), (sick.Status, deployed.Status));
        Assert.Contains("\"checker\":\"log\"", sick.Text, StringComparison.Ordinal);
        Assert.Contains("/dev/full", sick.Text, StringComparison.Ordinal);
    }

    /// <summary>Each from an address of its own: what one address does is summed up.</summary>
    private static Task FloodAsync(RunningServer server) =>
        Parallel.ForEachAsync(
            Enumerable.Range(0, Strangers),
            new ParallelOptions { MaxDegreeOfParallelism = Connections },
            async (number, cancellationToken) =>
            {
                var address = string.Create(CultureInfo.InvariantCulture, $"10.1.{number / 250}.{number % 250}");
                await server
                    .GetAsync("/deploy/site", ("X-Auth-Token", "a-wrong-token"), ("X-Forwarded-For", address))
                    .WaitAsync(Quick, TimeProvider.System, cancellationToken);
            }
        );

    private static Task<Answer> HealthAsync(RunningServer server) =>
        server.GetAsync("/technical/healthcheck", ("X-Auth-Token", HealthToken)).WaitAsync(Quick, TimeProvider.System);

    private static string Console(RunningServer server) =>
        server.Workspace.At("console") is var file && File.Exists(file) ? File.ReadAllText(file) : "";

    private static Task<RunningServer> StartAsync(IHostProgram host, params string[] arguments)
    {
        var workspace = new Workspace();
        workspace.Write("deployer.yml", ServiceYaml.Of("site", "true"));
        return RunningServer.StartAsync(
            new ProgramStart(host, workspace)
            {
                Arguments = ["--trusted-proxies", "127.0.0.1", .. arguments],
                Settings = new Dictionary<string, string> { ["HC_TOKEN"] = HealthToken, ["HC_MAX_DISK_USAGE"] = "100" },
            }
        );
    }

    /// <summary>The server whose console is read to where it listens, and then only once the file <c>read</c> is there.</summary>
    private sealed class UnreadServer : IHostProgram
    {
        private const string Script = """
            mkfifo pipe
            {
                while read -r line; do
                    case $line in *"listens on"*) echo "$line"; break;; esac
                done
                exec > console 2>&1
                until [ -e read ]; do sleep 0.05; done
                exec cat
            } < pipe &
            exec "$0" "$@" > pipe
            """;

        private readonly StandaloneServer _server = new();

        public string Path => "/bin/sh";

        public IReadOnlyList<string> Arguments => ["-c", Script, _server.Path, .. _server.Arguments];

        public IReadOnlyDictionary<string, string> Environment => _server.Environment;
    }
}
