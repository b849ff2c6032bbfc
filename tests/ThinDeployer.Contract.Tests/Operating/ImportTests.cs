using ThinDeployer.Contract.Tests.Hosting;
using ThinDeployer.Contract.Tests.Standalone;

namespace ThinDeployer.Contract.Tests.Operating;

/// <summary>Moving over from webhook: what is printed, how it ends, and that what is printed runs.</summary>
public sealed class ImportTests : IDisposable
{
    private const string Secret = "kept-secret-of-this-hook";

    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public async Task What_is_printed_deploys_what_the_hook_did()
    {
        // The server removes it.
        var workspace = new Workspace();
        var run = await ImportAsync(
            $$$$"""
            [{
              "id": "site", "execute-command": "/bin/sh", "command-working-directory": "{{{{workspace.Site}}}}",
              "include-command-output-in-response": true,
              "pass-arguments-to-command": [
                {"source": "string", "name": "-c"},
                {"source": "string", "name": "printf '<%s>' \"$EVENT\" \"$@\"; cat \"$BODY\""},
                {"source": "string", "name": "it's %ref%"},
                {"source": "payload", "name": "ref"},
                {"source": "payload", "name": "head.missing"},
                {"source": "payload", "name": "commits.0.message"}],
              "pass-environment-to-command": [{"source": "header", "name": "X-Event", "envname": "EVENT"}],
              "pass-file-to-command": [{"source": "payload", "name": "file", "envname": "BODY", "base64decode": true}],
              "trigger-rule": {"and": [
                {"match": {"type": "value", "value": "{{{{Secret}}}}", "parameter": {"source": "header", "name": "X-Static-Token"}}},
                {"match": {"type": "regex", "regex": "^refs/heads/", "parameter": {"source": "payload", "name": "ref"}}}]}
            }]
            """
        );
        workspace.Write("deployer.yml", run.Output.Text);
        await using var server = await RunningServer.StartAsync(ServerStart.With(workspace));

        var deployed = await PostAsync(server, "refs/heads/main", Secret);
        var ignored = await PostAsync(server, "refs/tags/v1", Secret);
        var refused = await PostAsync(server, "refs/heads/main", "another-secret");

        Assert.Equal(0, run.ExitCode);
        Assert.Equal((202, 200, 403), (deployed.Status, ignored.Status, refused.Status));
        Assert.EndsWith(
            "<push><refs/heads/main><><-rf $(id)>hello",
            deployed.Json.GetProperty("output").GetString()!.TrimEnd(),
            StringComparison.Ordinal
        );
        Assert.Empty(Directory.EnumerateFiles(workspace.Site, "BODY.*"));
    }

    [Fact]
    public async Task What_is_not_carried_over_is_told_without_a_secret()
    {
        var run = await ImportAsync(
            $"- {{id: site, execute-command: /bin/true, response-message: {Secret}, trigger-rule: {{match: {{type: value, value: "
                + $"{Secret}, parameter: {{source: header, name: X-Static-Token}}}}}}}}"
        );

        Assert.Equal(0, run.ExitCode);
        Assert.Contains($"\n  token: {Secret}\n", run.Output.Text, StringComparison.Ordinal);
        Assert.Contains("\n  # not carried over: \"response-message\"; ", run.Output.Text, StringComparison.Ordinal);
        Assert.Contains(
            run.Errors.Lines,
            line =>
                line.StartsWith(
                    "hooks.yaml:1:42: site: not carried over: \"response-message\"; ",
                    StringComparison.Ordinal
                )
        );
        Assert.DoesNotContain(Secret, run.Errors.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_that_would_let_more_in_does_not_load()
    {
        var run = await ImportAsync(
            $"- {{id: site, execute-command: /bin/true, trigger-rule: {{and: [{{match: {{type: value, value: {Secret}, parameter: "
                + $"{{source: header, name: X-Static-Token}}}}}}, {{match: {{type: scalr-signature, secret: {Secret}}}}}]}}}}"
        );
        _workspace.Write("deployer.yml", run.Output.Text);

        var validation = await RunAsync("validate");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains(
            ": site: not carried over: the rule \"scalr-signature\"; ",
            run.Errors.Text,
            StringComparison.Ordinal
        );
        Assert.Equal(ServerStart.WrongConfiguration, validation.ExitCode);
        Assert.Contains("site: no credential", validation.Output.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_no_hooks_file_is_a_mistake_with_its_place()
    {
        var run = await ImportAsync("[{\"id\": \"site\"}]");

        Assert.Equal(ServerStart.WrongConfiguration, run.ExitCode);
        Assert.StartsWith(
            "hooks.yaml:1:2: site: \"execute-command\" is missing",
            Assert.Single(run.Errors.Lines),
            StringComparison.Ordinal
        );
        Assert.Empty(run.Output.Lines);
    }

    [Fact]
    public async Task A_file_that_there_is_not_is_a_mistake_too()
    {
        var run = await RunAsync("import", "webhook", "missing.json");

        Assert.Equal(ServerStart.WrongConfiguration, run.ExitCode);
        Assert.Equal("missing.json:1:1: the file is missing", run.Errors.Text.TrimEnd());
    }

    [Theory]
    [InlineData("import")]
    [InlineData("import", "webhook")]
    [InlineData("import", "webhook", "--strange")]
    [InlineData("import", "another", "hooks.json")]
    public async Task Anything_else_is_wrong_usage(params string[] arguments)
    {
        var run = await RunAsync(arguments);

        Assert.Equal(ServerStart.WrongUsage, run.ExitCode);
        Assert.Empty(run.Output.Lines);
    }

    private static Task<Http.Answer> PostAsync(RunningServer server, string reference, string token) =>
        server.SendRawAsync(
            Http.RawRequest.Post(
                "/deploy/site",
                $$"""{"ref": "{{reference}}", "commits": [{"message": "-rf $(id)"}], "file": "aGVsbG8="}""",
                "Content-Type: application/json",
                "X-Event: push",
                $"X-Static-Token: {token}"
            )
        );

    private Task<ProgramRun> ImportAsync(string hooks)
    {
        _workspace.Write("hooks.yaml", hooks);
        return RunAsync("import", "webhook", "hooks.yaml");
    }

    private Task<ProgramRun> RunAsync(params string[] arguments) =>
        ProgramRun.ToEndAsync(new ProgramStart(new BareServer(), _workspace) { Arguments = arguments });
}
