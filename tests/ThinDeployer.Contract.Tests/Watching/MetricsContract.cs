using System.Text;
using System.Text.RegularExpressions;
using ThinDeployer.Contract.Tests.Hosting;
using ThinDeployer.Contract.Tests.Http;
using ThinDeployer.Contract.Tests.Reloading;

namespace ThinDeployer.Contract.Tests.Watching;

/// <summary>What Prometheus is told, and who may see it.</summary>
public abstract partial class MetricsContract<THost>(SharedServer<THost> shared) : HostContract<THost>(shared)
    where THost : IHostProgram, new()
{
    private const string Path = "/metrics";
    private const string Token = "a-metrics-token-with-more-than-32-letters";
    private const string Admin = "an-admin-token-with-more-than-32-letters";
    private const string Secret = "a-signing-secret-with-32-letters";
    private const string Success = "thindeployer_last_success_timestamp_seconds";
    private const string Duration = "cicd_pipeline_run_duration_seconds";

    private static readonly Dictionary<string, string> WithToken = new()
    {
        ["THIN_DEPLOYER_METRICS_TOKEN"] = Token,
        ["THIN_DEPLOYER_ADMIN_TOKEN"] = Admin,
        ["THIN_DEPLOYER_LOG_FILE_PREFIX"] = Workspace.HomeLog,
    };

    protected override string Configuration =>
        ServiceYaml.Of("good", "true")
        + ServiceYaml.With("bad", "on_failure: [\"true\"]", "exit 3")
        + ServiceYaml.With("slow", "timeout: 50ms, stop_grace: 50ms", "sleep 600")
        + ServiceYaml.With("busy", "max_queued: 1", "touch busy.began; until [ -e busy.go ]; do sleep 0.02; done")
        + ServiceYaml.With("picky", "when: {query: wanted, equals: 'yes'}", "true")
        + ServiceYaml.Bare("signed", $"signature: {{sender: github, secret: {Secret}}}, pwd: site", "true");

    protected override IReadOnlyDictionary<string, string> Settings(Workspace workspace) => WithToken;

    public static TheoryData<string> RightHeaders =>
        [
            $"X-Auth-Token: {Token}",
            $"Authorization: Bearer {Token}",
            $"Authorization: Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"prometheus:{Token}"))}",
            $"X-Auth-Token: {Admin}",
            $"Authorization: Bearer {Admin}",
        ];

    [Theory]
    [MemberData(nameof(RightHeaders))]
    public async Task A_right_token_opens_it(string header)
    {
        var answer = await Server.SendRawAsync(RawRequest.Get(Path, header));

        Assert.Equal(200, answer.Status);
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", answer.Header("Content-Type"));
        Assert.Equal("no-store", answer.Header("Cache-Control"));
    }

    [Theory]
    [InlineData("/metrics", "X-Other: header")]
    [InlineData("/metrics", "X-Auth-Token: wrong")]
    [InlineData("/metrics", "X-Auth-Token:")]
    [InlineData("/metrics", $"X-Auth-Token: {ServiceYaml.Token}")]
    [InlineData("/metrics", $"X-Auth-Token: {Token}\nX-Auth-Token: {Token}")]
    [InlineData($"/metrics?token={Token}", "X-Other: header")]
    public async Task Anything_else_does_not_open_it(string path, string headers)
    {
        var answer = await Server.SendRawAsync(RawRequest.Get(path, headers));

        Assert.Equal(403, answer.Status);
        Assert.NotEmpty(answer.Message);
    }

    [Fact]
    public async Task The_token_opens_nothing_else()
    {
        Assert.Equal(403, (await Server.GetAsync("/deployments", ("X-Auth-Token", Token))).Status);
        Assert.Equal(403, (await Server.GetAsync("/deploy/good", ("X-Auth-Token", Token))).Status);
    }

    [Fact]
    public async Task Without_a_token_it_is_open_to_this_machine_where_the_client_is_seen()
    {
        await using var server = await StartOwnAsync(ServiceYaml.Of("site", "true"));

        Assert.Equal(IsBehindProxy ? 403 : 200, (await server.GetAsync(Path)).Status);
        Assert.Equal(403, (await server.GetAsync(Path, ("X-Forwarded-For", "127.0.0.1"))).Status);
        Assert.Equal(403, (await server.GetAsync(Path, ("X-Auth-Token", ServiceYaml.Token))).Status);
    }

    [Fact]
    public async Task Who_guesses_must_wait()
    {
        var settings = new Dictionary<string, string>(WithToken) { ["THIN_DEPLOYER_AUTH_FAILURES_PER_MINUTE"] = "1" };
        await using var server = await StartOwnAsync(ServiceYaml.Of("site", "true"), settings);

        Assert.Equal(403, (await server.GetAsync(Path, ("X-Auth-Token", "wrong"))).Status);
        Assert.Equal(429, (await server.GetAsync(Path, ("X-Auth-Token", "wrong"))).Status);
        Assert.Equal(200, (await server.GetAsync(Path, ("X-Auth-Token", Token))).Status);
    }

    [Fact]
    public async Task Ends_are_counted_by_result()
    {
        var before = await ReadAsync(Server);

        await Server.DeployAsync("good");
        await Server.DeployAsync("bad");
        await Server.DeployAsync("slow");

        var after = await ReadAsync(Server);
        foreach (var (service, result) in new[] { ("good", "success"), ("bad", "failure"), ("slow", "timeout") })
        {
            Assert.Equal(1, Grown("thindeployer_deployments_total", ("service", service), ("result", result)));
            Assert.Equal(
                1,
                Grown(
                    $"{Duration}_count",
                    ("cicd_pipeline_name", service),
                    ("cicd_pipeline_run_state", "executing"),
                    ("cicd_pipeline_result", result)
                )
            );
        }

        Assert.Equal(
            1,
            Grown("cicd_pipeline_run_errors_total", ("cicd_pipeline_name", "bad"), ("error_type", "step_failed"))
        );
        Assert.Equal(
            1,
            Grown("cicd_pipeline_run_errors_total", ("cicd_pipeline_name", "slow"), ("error_type", "timeout"))
        );
        Assert.Equal(
            1,
            Grown(
                $"{Duration}_count",
                ("cicd_pipeline_name", "bad"),
                ("cicd_pipeline_run_state", "finalizing"),
                ("error_type", "step_failed")
            )
        );
        Assert.Equal(1, after.ValueOf("thindeployer_last_deployment_success", ("service", "good")));
        Assert.Equal(0, after.ValueOf("thindeployer_last_deployment_success", ("service", "bad")));

        double Grown(string name, params (string, string)[] labels) =>
            after.SamplesOf(name, labels).Sum(sample => sample.Value)
            - before.SamplesOf(name, labels).Sum(sample => sample.Value);
    }

    [Fact]
    public async Task What_waits_and_runs_is_seen()
    {
        await Server.SendAsync(HttpMethod.Post, "/deploy/busy", null, Now);
        await Server.Workspace.SiteHasAsync("busy.began");
        await Server.SendAsync(HttpMethod.Post, "/deploy/busy", null, Now);
        var full = await Server.SendAsync(HttpMethod.Post, "/deploy/busy", null, Now);

        var during = await ReadAsync(Server);
        Server.Workspace.TouchSite("busy.go");

        Assert.Equal(503, full.Status);
        Assert.Equal(1, Active(during, "pending"));
        Assert.Equal(1, Active(during, "executing"));
        Assert.InRange(during.ValueOf("thindeployer_queue_oldest_seconds", ("service", "busy")), 0.000_001, 3600);
        Assert.Equal(0, during.ValueOf("thindeployer_queue_oldest_seconds", ("service", "good")));
        Assert.Equal(
            1,
            during.ValueOf("thindeployer_deliveries_total", ("sender", "token"), ("outcome", "queue_full"))
        );
        await Eventually.IsTrueAsync(
            async () => (int)Active(await ReadAsync(Server), "pending", "executing"),
            0,
            "nothing is active"
        );

        static double Active(MetricsReading reading, params string[] states) =>
            states.Sum(state =>
                reading.ValueOf(
                    "cicd_pipeline_run_active",
                    ("cicd_pipeline_name", "busy"),
                    ("cicd_pipeline_run_state", state)
                )
            );
    }

    [Fact]
    public async Task Refusals_and_deliveries_are_counted_by_codes_and_never_by_what_was_sent()
    {
        await Server.GetAsync("/deploy/good", ("X-Auth-Token", "wrong\"} 1"));
        await Server.GetAsync("/deploy/no\"such\"service", ("X-Auth-Token", "wrong"));
        await Server.SendAsync(
            HttpMethod.Post,
            "/deploy/signed",
            new StringContent("{}"),
            ("X-Hub-Signature-256", $"sha256={new string('0', 64)}")
        );
        await Server.DeployAsync("picky?wanted=no");

        var reading = await ReadAsync(Server);

        Assert.InRange(reading.ValueOf("thindeployer_http_refused_total", ("reason", "token_mismatch")), 1, 1000);
        Assert.InRange(reading.ValueOf("thindeployer_http_refused_total", ("reason", "signature_mismatch")), 1, 1000);
        Assert.Equal(
            1,
            reading.ValueOf("thindeployer_deliveries_total", ("sender", "token"), ("outcome", "not_needed"))
        );
        string[] services = ["bad", "busy", "good", "picky", "signed", "slow"];
        Assert.Equal(
            services,
            reading.SamplesOf("thindeployer_deployments_total").Select(sample => sample.Labels["service"]).Distinct()
        );
    }

    [Fact]
    public async Task The_last_success_and_what_was_cut_off_are_known_after_a_crash()
    {
        var configuration =
            ServiceYaml.Of("site", "true")
            + ServiceYaml.Of("long", "touch long.began; sleep 600")
            + ServiceYaml.Of("never", "true");
        var server = await StartOwnAsync(configuration, WithToken);
        await server.DeployAsync("site");
        var before = await ReadAsync(server);
        await server.SendAsync(HttpMethod.Post, "/deploy/long", null, Now);
        await server.Workspace.SiteHasAsync("long.began");

        await using var next = await server.CrashAndRestartAsync(
            new ProgramStart(new THost(), server.Workspace) { Settings = WithToken }
        );
        var after = await OpenedAsync(next);

        Assert.Equal(before.ValueOf(Success, ("service", "site")), after.ValueOf(Success, ("service", "site")));
        Assert.Equal(1, after.ValueOf("thindeployer_last_deployment_success", ("service", "site")));
        Assert.Equal(0, after.ValueOf("thindeployer_last_deployment_success", ("service", "long")));
        // Below a host that goes away, the program sees that and cuts it off itself.
        Assert.Equal(
            IsBehindProxy ? 0 : 1,
            after.ValueOf("thindeployer_deployments_total", ("service", "long"), ("result", "error"))
        );
        Assert.Empty(after.SamplesOf(Success, ("service", "never")));
    }

    [Fact]
    public async Task A_service_that_is_removed_goes_away_and_a_bad_reload_is_seen()
    {
        await using var server = await StartOwnAsync(
            ServiceYaml.Of("site", "true") + ServiceYaml.Of("other", "true"),
            WithToken
        );
        await server.DeployAsync("other");
        Assert.Contains("\"other\"", (await AskAsync(server)).Text, StringComparison.Ordinal);

        server.Workspace.Write("deployer.yml", ServiceYaml.Of("site", "true"));

        await Reloaded.EventuallyAsync(server, ServiceYaml.Token, 404, "other");
        Assert.DoesNotContain("\"other\"", (await AskAsync(server)).Text, StringComparison.Ordinal);

        server.Workspace.Write("deployer.yml", "site: {");
        await Eventually.IsTrueAsync(
            async () => (int)(await ReadAsync(server)).ValueOf("thindeployer_config_last_reload_success"),
            0,
            "the reload failed"
        );
        Assert.InRange(
            (await ReadAsync(server)).ValueOf("cicd_system_errors_total", ("cicd_system_component", "configuration")),
            1,
            10
        );
    }

    [Fact]
    public async Task The_documents_list_what_there_is()
    {
        var reading = await ReadAsync(Server);

        var listed = Row.Matches(Document.Read("docs", "monitoring.md"))
            .Select(row => (row.Groups["name"].Value, row.Groups["type"].Value));

        Assert.Equal(reading.Families.Select(family => (family.Key, family.Value)).Order(), listed.Order());
    }

    [Fact]
    public async Task Promtool_has_nothing_to_say_of_it_where_it_is_installed()
    {
        await Server.DeployAsync("good");
        var page = (await AskAsync(Server)).Text;

        var answer = await PrometheusTool.AskAsync(page, "check", "metrics");

        Assert.Equal(("", 0), answer ?? ("", 0));
    }

    private static (string, string)[] Now => [("X-Auth-Token", ServiceYaml.Token), ("Prefer", "respond-async")];

    private static Task<Answer> AskAsync(RunningServer server) => server.GetAsync(Path, ("X-Auth-Token", Token));

    private static async Task<MetricsReading> ReadAsync(RunningServer server)
    {
        var answer = await AskAsync(server);
        Assert.Equal(200, answer.Status);
        return MetricsReading.Of(answer.Text);
    }

    /// <summary>A host that opens its record after its port has nothing to tell before.</summary>
    private static async Task<MetricsReading> OpenedAsync(RunningServer server)
    {
        await Eventually.IsTrueAsync(
            async () => (await server.GetAsync("/technical/ready")).Status,
            204,
            "the server is ready"
        );
        return await ReadAsync(server);
    }

    [GeneratedRegex(
        @"^\| `(?<name>[a-z_]+)` \| (?<type>[a-z]+) \|",
        RegexOptions.ExplicitCapture | RegexOptions.Multiline,
        1_000
    )]
    private static partial Regex Row { get; }
}
