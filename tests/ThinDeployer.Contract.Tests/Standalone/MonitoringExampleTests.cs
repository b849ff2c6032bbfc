using System.Text.Json;
using System.Text.RegularExpressions;
using ThinDeployer.Contract.Tests.Hosting;
using ThinDeployer.Contract.Tests.Watching;

namespace ThinDeployer.Contract.Tests.Standalone;

/// <summary>The alerts and the dashboard of examples/monitoring: they ask for what there is, and the alerts ring when they should.</summary>
public sealed partial class MonitoringExampleTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "examples", "monitoring");

    private static string Alerts => Document.Read("examples", "monitoring", "alerts.yml");

    private static List<string> DashboardQueries
    {
        get
        {
            using var dashboard = JsonDocument.Parse(Document.Read("examples", "monitoring", "dashboard.json"));
            return
            [
                .. dashboard
                    .RootElement.GetProperty("panels")
                    .EnumerateArray()
                    .SelectMany(panel => panel.GetProperty("targets").EnumerateArray())
                    .Select(target => target.GetProperty("expr").GetString()!),
            ];
        }
    }

    [Fact]
    public async Task They_use_metrics_and_labels_that_the_server_has()
    {
        using var workspace = new Workspace();
        workspace.Write("deployer.yml", ServiceYaml.Of("site", "true") + ServiceYaml.Of("bad", "exit 3"));
        await using var server = await RunningServer.StartAsync(
            new ProgramStart(new StandaloneServer(), workspace)
            {
                Settings = new Dictionary<string, string>
                {
                    ["THIN_DEPLOYER_BROKER"] = "amqp://nobody:nothing@127.0.0.1:1",
                },
            }
        );
        await server.DeployAsync("site");
        await server.DeployAsync("bad");
        await server.GetAsync("/deploy/site", ("X-Auth-Token", "wrong"));
        var reading = MetricsReading.Of((await server.GetAsync("/metrics")).Text);
        var known = reading
            .Samples.SelectMany(sample => sample.Labels.Keys.Append(sample.Name))
            .ToHashSet(StringComparer.Ordinal);

        var used = DashboardQueries.Append(Alerts).SelectMany(text => Name.Matches(text)).Select(name => name.Value);

        Assert.Empty(used.Except(known));
        Assert.True(DashboardQueries.Count > 15);
    }

    [Fact]
    public async Task Promtool_finds_each_alert_ringing_when_it_should_where_it_is_installed()
    {
        var answer = await PrometheusTool.AskAsync("", "test", "rules", Path.Combine(Folder, "alerts.test.yml"));

        Assert.True(answer is null or { Code: 0 }, answer?.Said);
        var tried = Document.Read("examples", "monitoring", "alerts.test.yml");
        Assert.All(
            Alert.Matches(Alerts).Select(alert => alert.Groups["name"].Value),
            name => Assert.Contains($"alertname: {name}\n        exp_alerts:\n", tried, StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task Promtool_understands_each_query_of_the_dashboard_where_it_is_installed()
    {
        using var workspace = new Workspace();
        var rules = DashboardQueries.Select(
            (query, i) =>
                $"      - {{record: 'query:{i}', expr: '{query.Replace("$__rate_interval", "5m", StringComparison.Ordinal)}'}}\n"
        );
        var file = workspace.Write("queries.yml", $"groups:\n  - name: queries\n    rules:\n{string.Concat(rules)}");

        var answer = await PrometheusTool.AskAsync("", "check", "rules", file);

        Assert.True(answer is null or { Code: 0 }, answer?.Said);
    }

    [GeneratedRegex(@"\b(cicd|thindeployer|process)_[a-z_]+\b", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Name { get; }

    [GeneratedRegex(@"- alert: (?<name>\w+)", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Alert { get; }
}
