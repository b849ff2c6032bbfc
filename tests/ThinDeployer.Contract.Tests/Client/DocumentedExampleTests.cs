using System.Diagnostics;
using System.Text.RegularExpressions;
using ThinDeployer.Contract.Tests.Hosting;
using ThinDeployer.Contract.Tests.Standalone;

namespace ThinDeployer.Contract.Tests.Client;

/// <summary>Every example of docs/ci.md, run by a shell against a real server.</summary>
public sealed partial class DocumentedExampleTests(SharedServer<StandaloneServer> shared)
    : HostContract<StandaloneServer>(shared),
        IClassFixture<SharedServer<StandaloneServer>>
{
    private const string ExampleServer = "https://deploy.example.org";
    private const int ExampleCount = 4;

    private static readonly string Document = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "docs", "ci.md"));

    protected override string Configuration =>
        ServiceYaml.With("shop", "vars: {tag: none}", "echo tag %tag%; [ ! -e bad ]");

    public static TheoryData<string> Examples => [.. Blocks.Matches(Document).SelectMany(Commands)];

    [Fact]
    public void All_of_them_are_found() => Assert.Equal(ExampleCount, Examples.Count);

    [Theory]
    [MemberData(nameof(Examples))]
    public async Task It_is_green_when_the_deployment_succeeds_and_red_when_it_fails(string command)
    {
        var good = await RunAsync(command);
        Server.Workspace.TouchSite("bad");
        var bad = await RunAsync(command);
        File.Delete(Server.Workspace.At("site", "bad"));

        Assert.Equal(0, good.Code);
        Assert.Contains("tag v1.2.3", good.Output, StringComparison.Ordinal);
        Assert.NotEqual(0, bad.Code);
        Assert.Contains("failed with exit code 1", bad.Output, StringComparison.Ordinal);
    }

    private async Task<(int Code, string Output)> RunAsync(string command)
    {
        var start = new ProcessStartInfo(
            "/bin/sh",
            ["-c", command.Replace(ExampleServer, Address, StringComparison.Ordinal)]
        )
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            Environment =
            {
                ["PATH"] = Path.GetDirectoryName(ServerProgram.Path) + ":" + Environment.GetEnvironmentVariable("PATH"),
                ["DOTNET_ROOT"] = ProgramStart.RuntimeRoot,
                ["THIN_DEPLOYER_SERVER"] = Address,
                ["THIN_DEPLOYER_TOKEN"] = ServiceYaml.Token,
                ["GITHUB_SHA"] = "v1.2.3",
                ["CI_COMMIT_SHA"] = "v1.2.3",
            },
        };
        using var shell = Process.Start(start)!;
        var output = await shell.StandardOutput.ReadToEndAsync();
        await shell.WaitForExitAsync();
        return (shell.ExitCode, output);
    }

    private string Address => Server.Address.ToString().TrimEnd('/');

    private static IEnumerable<string> Commands(Match block) =>
        block.Groups["language"].Value == "sh"
            ? [block.Groups["text"].Value]
            : Jobs.Matches(block.Groups["text"].Value).Select(job => job.Groups["command"].Value);

    [GeneratedRegex(
        "```(?<language>sh|yaml)\n(?<text>.*?)```",
        RegexOptions.Singleline | RegexOptions.ExplicitCapture,
        1_000
    )]
    private static partial Regex Blocks { get; }

    /// <summary>What a job runs: behind <c>run:</c>, or an item below <c>script:</c>.</summary>
    [GeneratedRegex(@"(run: |script:\n +- )(?<command>.+)", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Jobs { get; }
}
