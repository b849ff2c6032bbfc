using System.Text.Json;
using ThinDeployer.Contract.Tests.Hosting;
using ThinDeployer.Contract.Tests.Standalone;

namespace ThinDeployer.Contract.Tests.Operating;

/// <summary>What a service is, in the words of the program.</summary>
public sealed class ExplainTests : IDisposable
{
    private readonly Workspace _workspace = new();

    public ExplainTests()
    {
        _workspace.Write(
            "more.yml",
            """
            shop:
              token: {ci: kept-secret-and-long-enough}
              pwd: site
              vars: {tag: none}
              environment: {API_KEY: kept-secret, PROXY: "http://me:kept-secret@proxy/", GREETING: hello, BARE: {secret: short}}
              notification_webhook_url: https://chat.example.org/kept-secret
              use_notification: true
              commands:
                - git checkout "%tag%" '%other%' %bare% $(date +%Y%m%d) # %comment%
                - ssh host "echo %twice%"; echo %twice%
                - run: "cat <<E\n%tagg%\nE\n"
                  timeout: 5m
            """
        );
        _workspace.Write("deployer.yml", "more: {include: more.yml}\n");
    }

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public async Task It_is_shown_after_defaults_and_includes_without_its_secrets()
    {
        var run = await ExplainAsync("shop");

        Assert.Equal(0, run.ExitCode);
        Assert.DoesNotContain("kept-secret", run.Output.Text, StringComparison.Ordinal);
        Assert.Superset(
            new HashSet<string>
            {
                "service: shop",
                $"defined: {_workspace.At("more.yml")}:1:1",
                "  - ci: *** (27 characters); may deploy, read, cancel, pause, rollback",
                $"pwd: {_workspace.Site}",
                $"runs as: {Environment.UserName}",
                "  when_busy: queue",
                "  timeout: 6h",
                "  max_output: 64MiB",
                "  - chat.example.org: succeeded, failed",
                "  API_KEY: ***",
                "  BARE: ***",
                "  PROXY: http://***@proxy/",
                "  GREETING: hello",
                $"  HOME: {_workspace.Home}",
                "      %tag%: filled in, in double quotes; has a default",
                "      %other%: filled in, in single quotes; stays as written where a request does not give it",
                "      %bare%: filled in, as one word; stays as written where a request does not give it",
                "      %twice%: filled in, in double quotes, but ssh reads it as code again; elsewhere filled in, as one word; stays as written where a request does not give it",
                "      %tagg%: stays as written: it stands inside a here-document",
                "      %Y%: filled in, as one word",
                "    timeout: 5m",
            },
            run.Output.Lines.ToHashSet()
        );
        Assert.DoesNotContain("%comment%:", run.Output.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task As_json_it_has_the_same()
    {
        var run = await ExplainAsync("shop", "--json");

        using var document = JsonDocument.Parse(run.Output.Text);
        Assert.Equal("6h", document.RootElement.GetProperty("limits").GetProperty("timeout").GetString());
        Assert.Equal(3, document.RootElement.GetProperty("commands").GetArrayLength());
    }

    [Fact]
    public async Task A_name_that_is_misspelt_gets_the_nearest()
    {
        var run = await ExplainAsync("shp");

        Assert.Equal(ServerStart.WrongUsage, run.ExitCode);
        Assert.Contains("did you mean \"shop\"?", Assert.Single(ServerStart.ErrorLines(run)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_mistakes_there_is_nothing_to_explain()
    {
        _workspace.Write("deployer.yml", "shop: {comands: [ls]}\n");

        var run = await ExplainAsync("shop");

        Assert.Equal(ServerStart.WrongConfiguration, run.ExitCode);
        Assert.Contains("comands", run.Errors.Text, StringComparison.Ordinal);
    }

    private Task<ProgramRun> ExplainAsync(params string[] arguments) =>
        ProgramRun.ToEndAsync(new ProgramStart(new BareServer(), _workspace) { Arguments = ["explain", .. arguments] });
}
