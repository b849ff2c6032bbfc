using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using ThinDeployer.Contract.Tests.Hosting;
using ThinDeployer.Contract.Tests.Http;
using ThinDeployer.Contract.Tests.Standalone;

namespace ThinDeployer.Contract.Tests.Operating;

/// <summary>A first service without an editor: what <c>init</c> writes deploys by the very lines that it prints.</summary>
public sealed partial class InitTests : IDisposable
{
    private const string Commit = "59b20b8d5c6ff8d09518454d4dd8b7b30f095ab5";
    private const string Nothing = "0000000000000000000000000000000000000000";

    /// <summary>The server that is started removes it, too.</summary>
    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public async Task What_it_writes_deploys_by_the_line_that_it_prints()
    {
        var run = await InitAsync("shop", "--pwd", "site", "--run", "echo \"it's: deployed\" # really");
        await using var server = await RunningServer.StartAsync(ServerStart.With(_workspace));
        var line = CallLine.Match(run.Output.Text).Value;

        using var curl = Process.Start(
            new ProcessStartInfo(
                "/bin/sh",
                [
                    "-c",
                    line.Replace("http://127.0.0.1:8012", $"{server.Address}".TrimEnd('/'), StringComparison.Ordinal),
                ]
            )
            {
                RedirectStandardOutput = true,
                UseShellExecute = false,
            }
        )!;

        Assert.Contains("it's: deployed\n", await curl.StandardOutput.ReadToEndAsync(), StringComparison.Ordinal);
        Assert.Equal("good: 1 service", run.Errors.Text);
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite,
            File.GetUnixFileMode(_workspace.ConfigurationFile)
        );
        Assert.DoesNotContain(
            TokenLine.Match(run.Output.Text).Value,
            await File.ReadAllTextAsync(_workspace.ConfigurationFile),
            StringComparison.Ordinal
        );
    }

    public static TheoryData<string, string, string, string> Pushes =>
        new()
        {
            {
                "github",
                "X-GitHub-Event: push\nX-Hub-Signature-256: sha256=",
                Push("main"),
                Push("main", isDeleted: true)
            },
            { "gitlab", "X-Gitlab-Event: Push Hook\nX-Gitlab-Token: ", Push("main"), Push("main", isDeleted: true) },
            { "gitea", "X-Gitea-Event: push\nX-Gitea-Signature: ", Push("main"), Push("main", isDeleted: true) },
            { "forgejo", "X-Gitea-Event: push\nX-Forgejo-Signature: ", Push("main"), Push("main", isDeleted: true) },
            {
                "bitbucket",
                "X-Event-Key: repo:push\nX-Hub-Signature: sha256=",
                """{"push": {"changes": [{"new": {"name": "main"}}]}}""",
                """{"push": {"changes": [{"old": {"name": "main"}, "new": null}]}}"""
            },
        };

    [Theory]
    [MemberData(nameof(Pushes))]
    public async Task A_push_to_the_branch_deploys_and_nothing_else_of_the_forge(
        string forge,
        string headers,
        string push,
        string deletion
    )
    {
        var run = await InitAsync("shop", "--pwd", "site", "--run", "true", "--forge", forge);
        await using var server = await RunningServer.StartAsync(ServerStart.With(_workspace));
        var secret = SecretLine.Match(run.Output.Text).Groups["secret"].Value;

        async Task<int> SendAsync(string body, string key)
        {
            using var content = new StringContent(body, Encoding.UTF8, "application/json");
            var proof = forge == "gitlab" ? key : Hex(key, body);
            var answer = await server.SendAsync(
                HttpMethod.Post,
                "/deploy/shop",
                content,
                [
                    .. $"{headers}{proof}"
                        .Split('\n')
                        .Select(line => line.Split(": "))
                        .Select(parts => (parts[0], parts[1])),
                ]
            );
            return answer.Status;
        }

        Assert.Equal(202, await SendAsync(push, secret));
        Assert.Equal(200, await SendAsync(push.Replace("main", "topic", StringComparison.Ordinal), secret));
        Assert.Equal(200, await SendAsync(deletion, secret));
        Assert.Equal(403, await SendAsync(push, "another-secret-that-is-long"));
        Assert.Equal(202, (await ByHandAsync(server, TokenLine.Match(run.Output.Text).Groups["token"].Value)).Status);
    }

    [Fact]
    public async Task What_the_folder_tells_is_not_asked()
    {
        _workspace.Folder("site", ".git");
        _workspace.Write("site/.git/HEAD", "ref: refs/heads/trunk\n");
        _workspace.Write("site/.git/config", "[remote \"origin\"]\n\turl = git@github.com:me/shop.git\n");
        _workspace.Write("site/deploy.sh", "");

        var run = await InitAsync("--pwd", "site", "--server", "https://deploy.example.org");

        Assert.Contains(
            "GitHub, https://github.com/me/shop/settings/hooks/new:",
            run.Output.Text,
            StringComparison.Ordinal
        );
        Assert.Contains("https://deploy.example.org/deploy/site\n", run.Output.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("must reach", run.Output.Text, StringComparison.Ordinal);
        var written = await File.ReadAllTextAsync(_workspace.ConfigurationFile);
        Assert.StartsWith("site:\n", written, StringComparison.Ordinal);
        Assert.Contains("refs/heads/trunk", written, StringComparison.Ordinal);
        Assert.EndsWith(
            "  commands:\n    - git pull --ff-only\n    - ./deploy.sh\n",
            written,
            StringComparison.Ordinal
        );
    }

    /// <summary>A pseudo-terminal of script(1): what it reads is typed there.</summary>
    [Fact]
    public async Task In_a_terminal_it_asks()
    {
        var inTerminal = new ProgramStart(
            new ShellLine(
                $"printf 'site\\nweb\\necho one\\necho two\\n\\ngithub\\nmain\\n' | script -qec '{Program} init' /dev/null"
            ),
            _workspace
        );

        var run = await ProgramRun.ToEndAsync(inTerminal);

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("Name of the service [site]: ", run.Output.Text, StringComparison.Ordinal);
        var written = await File.ReadAllTextAsync(_workspace.ConfigurationFile);
        Assert.StartsWith("web:\n", written, StringComparison.Ordinal);
        Assert.Contains("sender: github", written, StringComparison.Ordinal);
        Assert.EndsWith("  commands:\n    - echo one\n    - echo two\n", written, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("# mine\na: {token: a-token-of-16-characters, pwd: site, commands: ['true']}")]
    [InlineData("a:\n  token: a-token-of-16-characters\n  pwd: site\n  commands: ['true']\n")]
    [InlineData("# Nothing yet.\n\n")]
    [InlineData("")]
    public async Task What_is_there_stays_as_it_is(string before)
    {
        _workspace.Write("deployer.yml", before);
        File.SetUnixFileMode(_workspace.ConfigurationFile, (UnixFileMode)0b110_100_000);

        var run = await InitAsync("shop", "--pwd", "site", "--run", "true");

        Assert.Equal(
            before.Contains("a:", StringComparison.Ordinal) ? "good: 2 services" : "good: 1 service",
            run.Errors.Text
        );
        Assert.StartsWith(before, await File.ReadAllTextAsync(_workspace.ConfigurationFile), StringComparison.Ordinal);
        Assert.Equal((UnixFileMode)0b110_100_000, File.GetUnixFileMode(_workspace.ConfigurationFile));
    }

    [Fact]
    public async Task In_a_folder_each_service_has_a_file()
    {
        var folder = _workspace.Folder("services");

        var first = await InitAsync("shop", "--pwd", "site", "--run", "true", "--configuration", folder);
        var again = await InitAsync("shop", "--pwd", "site", "--run", "true", "--configuration", folder);
        var second = await InitAsync("blog", "--pwd", "site", "--run", "true", "--configuration", folder);

        Assert.Equal((0, 2, 0), (first.ExitCode, again.ExitCode, second.ExitCode));
        Assert.Equal(["blog.yml", "shop.yml"], FilesIn(folder));
    }

    /// <summary>As in the package, whose folder is root's and the server's.</summary>
    [RootFact]
    public async Task Who_shares_the_folder_may_read_the_file()
    {
        var folder = _workspace.Folder("services");
        await Process.Start("chgrp", ["daemon", folder]).WaitForExitAsync();

        await InitAsync("shop", "--pwd", "site", "--run", "true", "--configuration", folder);

        var file = Path.Join(folder, "shop.yml");
        using var stat = Process.Start(
            new ProcessStartInfo("stat", ["-c", "%U %G %a", file])
            {
                RedirectStandardOutput = true,
                UseShellExecute = false,
            }
        )!;
        Assert.Equal("root daemon 640\n", await stat.StandardOutput.ReadToEndAsync());
    }

    [Theory]
    [InlineData("a name", "--run", "true")]
    [InlineData("x-shop", "--run", "true")]
    [InlineData("shop")]
    [InlineData("a", "--run", "true")]
    [InlineData("shop", "--run", "true", "--forge", "sourceforge")]
    [InlineData("shop", "--run", "true", "--pwd", "missing")]
    [InlineData("shop", "--run", "true", "--server", "ftp://example.org")]
    [InlineData("shop", "--run", "")]
    public async Task What_can_not_be_is_said_and_nothing_changes(params string[] arguments)
    {
        const string before = "a: {token: a-token-of-16-characters, pwd: site, commands: ['true']}\n";
        _workspace.Write("deployer.yml", before);

        await RefusesAsync(arguments);

        Assert.Equal(before, await File.ReadAllTextAsync(_workspace.ConfigurationFile));
        Assert.Equal(["deployer.yml"], FilesIn(_workspace.Root));
    }

    /// <summary>Nothing can follow the first, and the second is the operator's to mend.</summary>
    [Theory]
    [InlineData("{a: {token: a-token-of-16-characters, pwd: site, commands: ['true']}}\n")]
    [InlineData("a: {tokn: a-token-of-16-characters, pwd: site, commands: ['true']}\n")]
    public async Task A_file_that_can_not_go_on_is_left_alone(string before)
    {
        _workspace.Write("deployer.yml", before);

        await RefusesAsync("shop", "--pwd", "site", "--run", "true");

        Assert.Equal(before, await File.ReadAllTextAsync(_workspace.ConfigurationFile));
        Assert.Equal(["deployer.yml"], FilesIn(_workspace.Root));
    }

    [Fact]
    public async Task A_secret_of_a_forge_goes_into_no_file_that_everybody_reads()
    {
        _workspace.Write("deployer.yml", "# Mine.\n");
        File.SetUnixFileMode(_workspace.Root, (UnixFileMode)0b111_101_101);
        File.SetUnixFileMode(_workspace.ConfigurationFile, (UnixFileMode)0b110_100_100);

        await RefusesAsync("shop", "--pwd", "site", "--run", "true", "--forge", "github");

        Assert.Equal("# Mine.\n", await File.ReadAllTextAsync(_workspace.ConfigurationFile));
    }

    [Fact]
    public async Task A_folder_is_named_as_it_is_whatever_the_environment_has()
    {
        var folder = _workspace.Folder("${HOME}-site");

        var run = await InitAsync("shop", "--pwd", folder, "--run", "true");

        Assert.Equal("good: 1 service", run.Errors.Text);
    }

    [Fact]
    public async Task No_service_of_a_folder_is_hidden() =>
        await RefusesAsync(".shop", "--pwd", "site", "--run", "true", "--configuration", _workspace.Folder("services"));

    private async Task RefusesAsync(params string[] arguments)
    {
        var run = await RunAsync(arguments);

        Assert.Equal(ServerStart.WrongUsage, run.ExitCode);
        Assert.StartsWith("thin-deployer: ", ServerStart.ErrorLines(run)[0], StringComparison.Ordinal);
        Assert.Empty(run.Output.Lines);
    }

    private async Task<ProgramRun> InitAsync(params string[] arguments) => await RunAsync(arguments);

    private Task<ProgramRun> RunAsync(string[] arguments) =>
        ProgramRun.ToEndAsync(new ProgramStart(new BareServer(), _workspace) { Arguments = ["init", .. arguments] });

    private static Task<Answer> ByHandAsync(RunningServer server, string token) =>
        server.SendAsync(HttpMethod.Post, "/deploy/shop", content: null, ("X-Auth-Token", token));

    private static IEnumerable<string?> FilesIn(string folder) =>
        Directory.EnumerateFiles(folder).Select(Path.GetFileName).Order();

    private static string Push(string branch, bool isDeleted = false) =>
        $$"""
            {"object_kind": "push", "ref": "refs/heads/{{branch}}", "deleted": {{(isDeleted ? "true" : "false")}},
             "after": "{{(isDeleted ? Nothing : Commit)}}", "checkout_sha": {{(isDeleted ? "null" : $"\"{Commit}\"")}}}
            """;

    private static string Hex(string key, string body) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(body)));

    private static string Program => string.Join(' ', [ServerProgram.Path, .. new BareServer().Arguments]);

    [GeneratedRegex("curl .*", RegexOptions.None, 1_000)]
    private static partial Regex CallLine { get; }

    [GeneratedRegex("X-Auth-Token: (?<token>[^\"]+)", RegexOptions.None, 1_000)]
    private static partial Regex TokenLine { get; }

    [GeneratedRegex("Secret( token)? +(?<secret>[^ \n]+)", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex SecretLine { get; }
}
