using System.Text.Json;
using ThinDeployer.Contract.Tests.Hosting;
using ThinDeployer.Contract.Tests.Standalone;

namespace ThinDeployer.Contract.Tests.Operating;

/// <summary>What a request would do, told without doing it.</summary>
public sealed class TryTests : IDisposable
{
    private readonly Workspace _workspace = new();

    public TryTests()
    {
        _workspace.Write("secret", "the-secret-of-the-sender\nanother-secret-of-it\n");
        _workspace.Write("push.json", "{\"ref\": \"refs/heads/main\"}");
        _workspace.Write(
            "deployer.yml",
            """
            shop:
              token: {ci: a-token-of-good-length}
              signature: {sender: github, secret_file: secret}
              pwd: site
              when: {all: [{header: X-GitHub-Event, equals: push}, {json: ref, matches: ^refs/heads/}]}
              variables: {branch: {json: ref, pattern: refs/heads/(.*)}}
              commands: [touch made, echo %branch%]
            """
        );
    }

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public async Task A_signed_request_is_told_check_by_check()
    {
        var signed = await RunAsync(
            "push.json",
            "sign",
            "--sender",
            "github",
            "--secret-file",
            _workspace.At("secret")
        );
        var signature = Assert.Single(signed.Output.Lines);

        var run = await TryAsync("--header", signature, "--header", "X-GitHub-Event: push");

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(
            [
                "service: shop",
                "credentials: let in as github",
                "event: push",
                "ref: refs/heads/main",
                "checks:",
                "  - true: when: all of 2 rules",
                "  - true: when.all[0]: header X-GitHub-Event equals \"push\" (it is \"push\")",
                "  - true: when.all[1]: json ref matches \"^refs/heads/\" (it is \"refs/heads/main\")",
                "decision: deploy",
                "values:",
                "  branch: main",
                "commands:",
                "  - touch made",
                "  - echo %branch%",
            ],
            run.Output.Lines
        );
        Assert.False(File.Exists(_workspace.At("site", "made")));
        Assert.Empty(Directory.GetFileSystemEntries(_workspace.Data));
    }

    [Theory]
    [InlineData("X-GitHub-Event: push", 0, "credentials: none here, so not checked (token_missing)")]
    [InlineData("X-Auth-Token: wrong", 1, "credentials: refused (token_mismatch)")]
    [InlineData("X-Auth-Token: a-token-of-good-length", 1, "credentials: let in as ci")]
    [InlineData("X-Hub-Signature-256: sha256=00", 1, "credentials: refused (signature_malformed)")]
    [InlineData("X-GitHub-Event: issues", 1, "decision: 200, nothing to deploy: when.all[0]: header X-GitHub-Event")]
    public async Task What_keeps_it_from_deploying_is_named(string header, int exitCode, string line)
    {
        var run = await TryAsync("--header", header);

        Assert.Equal(exitCode, run.ExitCode);
        Assert.Contains(run.Output.Lines, shown => shown.StartsWith(line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_delivery_that_was_kept_is_read_back()
    {
        _workspace.Write(
            "kept.json",
            """
            {"deliveries": [{"method": "POST", "query": "a=b", "body": "{\"ref\": \"refs/tags/1\"}", "address": "192.0.2.7",
              "headers": [{"name": "Content-Type", "value": "application/json"}, {"name": "X-GitHub-Event", "value": "push"}]}]}
            """
        );

        var run = await RunAsync(null, "try", "shop", "--request", _workspace.At("kept.json"), "--json");

        Assert.Equal(1, run.ExitCode);
        var decision = JsonElement.Parse(run.Output.Text).GetProperty("decision").GetString();
        Assert.StartsWith("200, nothing to deploy: when.all[1]: json ref", decision, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("try shop --request push.json", "is no delivery")]
    [InlineData("try shop --request nowhere.json", "nowhere.json")]
    [InlineData("try shop --header nothing", "--header must be")]
    [InlineData("try shopp", "did you mean \"shop\"?")]
    [InlineData("sign --sender github", "--sender and --secret-file are needed")]
    [InlineData("sign --sender githup --secret-file secret", "must be one of: github")]
    [InlineData("sign --sender hmac --secret-file secret", "\"header\" is missing")]
    public async Task What_can_t_be_tried_is_refused(string line, string reason)
    {
        var run = await RunAsync("push.json", line.Split(' '));

        Assert.Equal(2, run.ExitCode);
        Assert.Contains(reason, run.Output.Text + run.Errors.Text, StringComparison.Ordinal);
    }

    private Task<ProgramRun> TryAsync(params string[] arguments) =>
        RunAsync(
            null,
            [
                "try",
                "shop",
                "--body",
                _workspace.At("push.json"),
                "--header",
                "Content-Type: application/json",
                .. arguments,
            ]
        );

    /// <param name="input">A file of the workspace; null for nothing.</param>
    /// <param name="arguments">Of the program.</param>
    private Task<ProgramRun> RunAsync(string? input, params string[] arguments) =>
        ProgramRun.ToEndAsync(
            new ProgramStart(new WithInput(input ?? "/dev/null"), _workspace) { Arguments = arguments }
        );

    /// <summary>The program, with a file as its standard input.</summary>
    private sealed class WithInput(string file) : IHostProgram
    {
        public string Path => "/bin/sh";

        public IReadOnlyList<string> Arguments { get; } =
        ["-c", "exec \"$0\" \"$@\" < \"$INPUT\"", new StandaloneServer().Path];

        public IReadOnlyDictionary<string, string> Environment { get; } =
            new Dictionary<string, string> { ["INPUT"] = file };
    }
}
