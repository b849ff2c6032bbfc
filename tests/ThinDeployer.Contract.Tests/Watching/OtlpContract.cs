using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using ThinDeployer.Contract.Tests.Hosting;
using ThinDeployer.Contract.Tests.Http;

namespace ThinDeployer.Contract.Tests.Watching;

/// <summary>What a collector of OpenTelemetry is sent. Each test has a collector and a server of its own.</summary>
public abstract class OtlpContract<THost>(SharedServer<THost> shared) : HostContract<THost>(shared)
    where THost : IHostProgram, new()
{
    private const string Trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    private const string Parent = "00f067aa0ba902b7";
    private const string Key = "a key, with 32 letters and blanks";
    private const string Secret = "a-secret-of-this-service-with-32-letters";
    private const string MetricsToken = "a-metrics-token-with-more-than-32-letters";
    private const string Signing = "a-signing-secret-with-32-letters";

    private static string Services =>
        ServiceYaml.Of("good", "echo $TRACEPARENT > seen", "true")
        + ServiceYaml.With(
            "bad",
            $"environment: {{PASSWORD: {{secret: {Secret}}}}}, on_failure: [\"echo undone\"]",
            $"echo {Secret} $PASSWORD >&2; exit 3"
        )
        + ServiceYaml.Bare("signed", $"signature: {{sender: github, secret: {Signing}}}, pwd: site", "true")
        + ServiceYaml.With("busy", "on_failure: [\"echo undone\"]", "touch busy.began; sleep 600")
        + ServiceYaml.With(
            "nosy",
            "inherit_environment: [OTEL_EXPORTER_OTLP_HEADERS]",
            "echo \"<$OTEL_EXPORTER_OTLP_HEADERS>\""
        );

    [Fact]
    public async Task A_deployment_is_a_span_below_that_of_its_caller_and_its_steps_hang_below_it()
    {
        await using var collector = await OtlpCollector.StartAsync();
        await using var server = await StartAsync(collector.Url);

        var answer = await DeployAsync(server, "good", $"00-{Trace}-{Parent}-01");

        var root = await SpanAsync(collector, "RUN good");
        var id = answer.Json.GetProperty("id").GetString()!;
        Assert.Equal(Trace, Text(root, "traceId"));
        Assert.Equal(Parent, Text(root, "parentSpanId"));
        Assert.Equal(2, root.GetProperty("kind").GetInt32());
        Assert.Equal("good", OtlpRequest.Attribute(root, "cicd.pipeline.name"));
        Assert.Equal(id, OtlpRequest.Attribute(root, "cicd.pipeline.run.id"));
        Assert.Equal("success", OtlpRequest.Attribute(root, "cicd.pipeline.result"));
        Assert.Null(OtlpRequest.Attribute(root, "error.type"));
        Assert.False(root.TryGetProperty("status", out _));

        var step = Assert.Single(collector.Spans["echo $TRACEPARENT > seen"]);
        Assert.Equal(Text(root, "spanId"), Text(step, "parentSpanId"));
        Assert.Equal(1, step.GetProperty("kind").GetInt32());
        Assert.Equal($"{id}.1", OtlpRequest.Attribute(step, "cicd.pipeline.task.run.id"));
        Assert.Equal("success", OtlpRequest.Attribute(step, "cicd.pipeline.task.run.result"));
        Assert.Equal("deploy", OtlpRequest.Attribute(step, "cicd.pipeline.task.type"));
        Assert.Equal($"00-{Trace}-{Text(step, "spanId")}-01\n", server.Workspace.ReadSite("seen"));
        Assert.InRange(
            Nanoseconds(step, "startTimeUnixNano"),
            Nanoseconds(root, "startTimeUnixNano"),
            Nanoseconds(step, "endTimeUnixNano")
        );

        var request = collector.Requests.First();
        Assert.Equal("/v1/traces", request.Path);
        Assert.Equal("application/json", request.ContentType);
        Assert.Equal(Key, request.Key);
        var resource = request.Root.GetProperty("resourceSpans")[0].GetProperty("resource");
        Assert.Equal("ours", OtlpRequest.Attribute(resource, "service.name"));
        Assert.Equal("test zone", OtlpRequest.Attribute(resource, "zone"));
    }

    [Fact]
    public async Task A_failure_has_its_error_and_its_hook_and_no_secret()
    {
        await using var collector = await OtlpCollector.StartAsync();
        await using var server = await StartAsync(collector.Url);

        await server.DeployAsync("bad");

        var root = await SpanAsync(collector, "RUN bad");
        Assert.False(root.TryGetProperty("parentSpanId", out _));
        Assert.Equal("failure", OtlpRequest.Attribute(root, "cicd.pipeline.result"));
        Assert.Equal("step_failed", OtlpRequest.Attribute(root, "error.type"));
        Assert.Equal(2, root.GetProperty("status").GetProperty("code").GetInt32());
        var step = Assert.Single(collector.Spans["echo *** $PASSWORD >&2; exit 3"]);
        Assert.Equal("failure", OtlpRequest.Attribute(step, "cicd.pipeline.task.run.result"));
        Assert.Equal("3", OtlpRequest.Attribute(step, "process.exit.code"));
        Assert.Equal(2, step.GetProperty("status").GetProperty("code").GetInt32());
        var hook = Assert.Single(collector.Spans["echo undone"]);
        Assert.Equal("on_failure", OtlpRequest.Attribute(hook, "thindeployer.hook"));
        Assert.Equal(Text(root, "spanId"), Text(hook, "parentSpanId"));
        Assert.All(
            collector.Requests,
            request => Assert.DoesNotContain(Secret, request.Body, StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task A_webhook_and_a_rerun_have_a_link_and_no_parent()
    {
        const string body = """{"ref": "refs/heads/main", "after": "0123456789012345678901234567890123456789"}""";
        await using var collector = await OtlpCollector.StartAsync();
        await using var server = await StartAsync(collector.Url);

        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        await server.SendAsync(
            HttpMethod.Post,
            "/deploy/signed",
            content,
            ("X-GitHub-Event", "push"),
            ("X-Hub-Signature-256", $"sha256={Signature(body)}"),
            ("traceparent", $"00-{Trace}-{Parent}-01")
        );
        var first = (await DeployAsync(server, "good", $"00-{Trace}-{Parent}-01")).Json.GetProperty("id").GetString();
        var original = await SpanAsync(collector, "RUN good");
        await server.ControlAsync($"{first}/rerun");

        await Eventually.IsTrueAsync(() => collector.Spans["RUN good"].Count() == 2, "the second one was told");
        var signed = await SpanAsync(collector, "RUN signed");
        AssertLinks(signed, Parent);
        Assert.Equal("main", OtlpRequest.Attribute(signed, "vcs.ref.head.name"));
        Assert.Equal("branch", OtlpRequest.Attribute(signed, "vcs.ref.head.type"));
        Assert.Equal(
            "0123456789012345678901234567890123456789",
            OtlpRequest.Attribute(signed, "vcs.ref.head.revision")
        );
        AssertLinks(
            collector.Spans["RUN good"].Single(span => Text(span, "spanId") != Text(original, "spanId")),
            Text(original, "spanId")
        );

        static void AssertLinks(JsonElement span, string to)
        {
            var link = Assert.Single(span.GetProperty("links").EnumerateArray());
            Assert.Equal(Trace, Text(link, "traceId"));
            Assert.Equal(to, Text(link, "spanId"));
            Assert.NotEqual(Trace, Text(span, "traceId"));
            Assert.False(span.TryGetProperty("parentSpanId", out _));
        }
    }

    [Fact]
    public async Task A_trace_that_its_caller_does_not_record_is_not_sent()
    {
        await using var collector = await OtlpCollector.StartAsync();
        await using var server = await StartAsync(collector.Url);

        await DeployAsync(server, "good", $"00-{Trace}-{Parent}-00");
        var seen = server.Workspace.ReadSite("seen");
        await server.DeployAsync("bad");

        await SpanAsync(collector, "RUN bad");
        Assert.Empty(collector.Spans["RUN good"]);
        Assert.Equal($"00-{Trace}-{Parent}-00\n", seen);
    }

    [Fact]
    public async Task One_that_a_crash_cuts_off_is_told_by_the_next_start_with_its_rollback()
    {
        await using var collector = await OtlpCollector.StartAsync();
        var server = await StartAsync(collector.Url);
        await server.DeployAtOnceAsync("busy");
        await server.Workspace.SiteHasAsync("busy.began");

        await using var next = await server.CrashAndRestartAsync(
            new ProgramStart(new THost(), server.Workspace) { Settings = SettingsFor(collector.Url) }
        );

        var root = await SpanAsync(collector, "RUN busy");
        Assert.Equal("error", OtlpRequest.Attribute(root, "cicd.pipeline.result"));
        Assert.Equal("interrupted", OtlpRequest.Attribute(root, "error.type"));
        var step = Assert.Single(collector.Spans["touch busy.began; sleep 600"]);
        Assert.Equal("interrupted", OtlpRequest.Attribute(step, "error.type"));
        var hook = await SpanAsync(collector, "echo undone");
        Assert.Equal(Text(root, "spanId"), Text(hook, "parentSpanId"));
        Assert.EndsWith(
            ".on_failure.1",
            OtlpRequest.Attribute(hook, "cicd.pipeline.task.run.id"),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task What_waits_is_sent_when_the_server_ends()
    {
        await using var collector = await OtlpCollector.StartAsync();
        await using (var server = await StartAsync(collector.Url, ("OTEL_BSP_SCHEDULE_DELAY", "3600000")))
        {
            await server.DeployAsync("good");
        }

        Assert.Single(collector.Spans["RUN good"]);
    }

    [Fact]
    public async Task A_collector_that_is_busy_is_asked_again_when_it_wants()
    {
        await using var collector = await OtlpCollector.StartAsync(
            (count, context) =>
            {
                context.Response.StatusCode = count == 1 ? 503 : 200;
                context.Response.Headers.RetryAfter = count == 1 ? "1" : default;
                return Task.CompletedTask;
            }
        );
        await using var server = await StartAsync(collector.Url);

        await server.DeployAsync("good");

        await Eventually.IsTrueAsync(
            () => LogOf(server).Contains("takes traces again", StringComparison.Ordinal),
            "the log tells that it takes them"
        );
        Assert.Equal(2, collector.Requests.Count);
        Assert.Single(collector.Requests.Select(request => request.Body).Distinct());
        Assert.Single(Warnings(server));
    }

    [Fact]
    public async Task A_collector_that_wants_peace_for_long_gets_it_until_the_end()
    {
        await using var collector = await OtlpCollector.StartAsync(
            (_, context) =>
            {
                context.Response.StatusCode = 429;
                context.Response.Headers.RetryAfter = "3600";
                return Task.CompletedTask;
            }
        );
        await using (var server = await StartAsync(collector.Url, ("THIN_DEPLOYER_METRICS_TOKEN", MetricsToken)))
        {
            await server.DeployAsync("good");
            await CountedAsync(server, "dropped", 3);
            await server.DeployAsync("good");
        }

        Assert.Equal(2, collector.Requests.Count);
    }

    [Fact]
    public async Task What_a_collector_rejects_is_told_once_and_counted()
    {
        await using var collector = await OtlpCollector.StartAsync(
            (_, context) =>
                context.Response.WriteAsync(
                    $$$"""{"partialSuccess": {"rejectedSpans": "1", "errorMessage": "not {{{Key}}}\nsecond line"}}""",
                    context.RequestAborted
                )
        );
        await using var server = await StartAsync(collector.Url, ("THIN_DEPLOYER_METRICS_TOKEN", MetricsToken));

        await server.DeployAsync("good");
        await CountedAsync(server, "rejected", 1);
        await server.DeployAsync("good");
        await CountedAsync(server, "rejected", 2);

        var warning = Assert.Single(Warnings(server));
        Assert.Contains("rejected 1 of the traces", warning, StringComparison.Ordinal);
        Assert.Contains("not ***", warning, StringComparison.Ordinal);
        Assert.DoesNotContain("\nsecond line", LogOf(server), StringComparison.Ordinal);
        await CountedAsync(server, "sent", 4);
    }

    [Fact]
    public async Task What_a_collector_refuses_is_not_sent_again_and_counted()
    {
        await using var collector = await OtlpCollector.StartAsync(
            (_, context) =>
            {
                context.Response.StatusCode = 400;
                return Task.CompletedTask;
            }
        );
        await using var server = await StartAsync(collector.Url, ("THIN_DEPLOYER_METRICS_TOKEN", MetricsToken));

        await server.DeployAsync("good");
        await CountedAsync(server, "dropped", 3);
        await server.DeployAsync("good");
        await CountedAsync(server, "dropped", 6);

        Assert.Equal(2, collector.Requests.Count);
        Assert.Contains("400", Assert.Single(Warnings(server)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dead_collector_is_one_warning_and_changes_nothing()
    {
        var collector = await OtlpCollector.StartAsync();
        var url = collector.Url;
        await collector.DisposeAsync();
        await using var server = await StartAsync(url);

        var first = await server.DeployAsync("good");
        await Eventually.IsTrueAsync(() => Warnings(server).Length > 0, "the failure was logged");
        var second = await server.DeployAsync("good");

        Assert.Equal([202, 202], [first.Status, second.Status]);
        var warning = Assert.Single(Warnings(server));
        Assert.Contains(new Uri(url).Authority, warning, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_collector_that_never_answers_holds_up_neither_deployments_nor_the_end()
    {
        await using var collector = await OtlpCollector.StartAsync(
            (_, context) => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted)
        );
        await using var server = await StartAsync(collector.Url);
        await server.DeployAsync("good");
        await Eventually.IsTrueAsync(() => collector.Requests.Count > 0, "it was asked");

        var answer = await server.DeployAsync("good");
        var begin = TimeProvider.System.GetTimestamp();
        server.Program.Signal(PosixSignal.Terminate);
        await server.Program.ExitAsync();

        Assert.Equal(202, answer.Status);
        Assert.InRange(TimeProvider.System.GetElapsedTime(begin), TimeSpan.Zero, TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task A_redirect_is_not_followed_and_no_log_has_the_headers()
    {
        await using var elsewhere = await OtlpCollector.StartAsync();
        await using var collector = await OtlpCollector.StartAsync(
            (_, context) =>
            {
                context.Response.Redirect(elsewhere.Url, permanent: false, preserveMethod: true);
                return Task.CompletedTask;
            }
        );
        await using var server = await StartAsync(collector.Url);

        var answer = await server.DeployAsync("nosy");

        await Eventually.IsTrueAsync(() => Warnings(server).Length > 0, "the failure was logged");
        Assert.Contains("307", Assert.Single(Warnings(server)), StringComparison.Ordinal);
        Assert.Empty(elsewhere.Requests);
        Assert.DoesNotContain("32 letters", LogOf(server), StringComparison.Ordinal);
        Assert.DoesNotContain("32%20letters", answer.Text, StringComparison.Ordinal);
        Assert.Equal((int)HttpStatusCode.Accepted, answer.Status);
    }

    [Fact]
    public async Task Metrics_come_by_the_names_of_the_conventions()
    {
        await using var collector = await OtlpCollector.StartAsync();
        await using var server = await StartAsync(
            collector.Url,
            ("OTEL_METRICS_EXPORTER", "otlp"),
            ("OTEL_TRACES_EXPORTER", "none"),
            ("OTEL_METRIC_EXPORT_INTERVAL", "100")
        );
        await server.DeployAsync("bad");
        var before = collector.Requests.Count;

        await Eventually.IsTrueAsync(() => collector.Requests.Count > before + 1, "metrics came");

        var metrics = collector.Requests.Last().Items("Metrics").ToDictionary(Name);
        var duration = metrics["cicd.pipeline.run.duration"];
        Assert.Equal("s", Text(duration, "unit"));
        Assert.Equal(2, duration.GetProperty("histogram").GetProperty("aggregationTemporality").GetInt32());
        var executing = duration
            .GetProperty("histogram")
            .GetProperty("dataPoints")
            .EnumerateArray()
            .Single(point => OtlpRequest.Attribute(point, "cicd.pipeline.run.state") == "executing");
        Assert.Equal("1", Text(executing, "count"));
        Assert.Equal("failure", OtlpRequest.Attribute(executing, "cicd.pipeline.result"));
        Assert.Equal(
            executing.GetProperty("explicitBounds").GetArrayLength() + 1,
            executing.GetProperty("bucketCounts").GetArrayLength()
        );
        var active = metrics["cicd.pipeline.run.active"].GetProperty("sum");
        Assert.False(active.GetProperty("isMonotonic").GetBoolean());
        Assert.True(metrics["cicd.pipeline.run.errors"].GetProperty("sum").GetProperty("isMonotonic").GetBoolean());
        Assert.True(metrics["thindeployer.last_deployment_success"].TryGetProperty("gauge", out _));
        Assert.All(collector.Requests, request => Assert.Equal("/v1/metrics", request.Path));

        static string Name(JsonElement metric) => metric.GetProperty("name").GetString()!;
    }

    /// <summary>Spans are counted when their answer has come.</summary>
    private static Task CountedAsync(RunningServer server, string outcome, int count) =>
        Eventually.IsTrueAsync(
            async () =>
            {
                var page = (await server.GetAsync("/metrics", ("X-Auth-Token", MetricsToken))).Text;
                return (int)MetricsReading.Of(page).ValueOf("thindeployer_spans_total", ("outcome", outcome));
            },
            count,
            $"spans are {outcome}"
        );

    private static Task<RunningServer> StartAsync(string url, params (string Name, string Value)[] more) =>
        StartOwnAsync(Services, SettingsFor(url, more));

    private static Dictionary<string, string> SettingsFor(string url, params (string Name, string Value)[] more)
    {
        var settings = new Dictionary<string, string>
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = url + "/",
            ["OTEL_EXPORTER_OTLP_HEADERS"] = $"X-Key={Uri.EscapeDataString(Key)}",
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/json",
            ["OTEL_SERVICE_NAME"] = "ours",
            ["OTEL_RESOURCE_ATTRIBUTES"] = "service.name=theirs,zone=test%20zone",
            ["OTEL_METRICS_EXPORTER"] = "none",
            ["OTEL_BSP_SCHEDULE_DELAY"] = "20",
            ["THIN_DEPLOYER_LOG_FILE_PREFIX"] = Workspace.HomeLog,
        };
        foreach (var (name, value) in more)
        {
            settings[name] = value;
        }

        return settings;
    }

    private static Task<Answer> DeployAsync(RunningServer server, string service, string traceParent) =>
        server.SendAsync(
            HttpMethod.Post,
            $"/deploy/{service}",
            content: null,
            ("X-Auth-Token", ServiceYaml.Token),
            ("traceparent", traceParent)
        );

    private static async Task<JsonElement> SpanAsync(OtlpCollector collector, string name)
    {
        await Eventually.IsTrueAsync(() => collector.Spans[name].Any(), $"the span {name} came");
        return collector.Spans[name].First();
    }

    private static string Text(JsonElement of, string name) => of.GetProperty(name).GetString()!;

    private static long Nanoseconds(JsonElement of, string name) =>
        long.Parse(Text(of, name), NumberStyles.None, CultureInfo.InvariantCulture);

    private static string Signature(string body) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Signing), Encoding.UTF8.GetBytes(body)));

    /// <summary>Of the collector, without those of the configuration and of deployments.</summary>
    private static string[] Warnings(RunningServer server) =>
        [
            .. LogOf(server)
                .Split('\n')
                .Where(line =>
                    line.Contains(" WARN ", StringComparison.Ordinal)
                    && line.Contains("collector", StringComparison.Ordinal)
                ),
        ];

    private static string LogOf(RunningServer server) => server.Workspace.ReadHomeLog();
}
