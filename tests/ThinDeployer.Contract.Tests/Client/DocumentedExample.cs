using System.Diagnostics;
using System.Text.RegularExpressions;
using ThinDeployer.Contract.Tests.Hosting;
using ThinDeployer.Contract.Tests.Standalone;

namespace ThinDeployer.Contract.Tests.Client;

/// <summary>The commands of docs/ci.md, for the shell of a job.</summary>
internal static partial class DocumentedExample
{
    private const string ExampleServer = "https://deploy.example.org";

    /// <summary>The service that they deploy: its output names the tag, and it fails where its folder has the file <c>bad</c>.</summary>
    internal static string Service { get; } =
        ServiceYaml.With("shop", "vars: {tag: none}", "echo tag %tag%; [ ! -e bad ]");

    internal static IReadOnlyList<string> All { get; } =
    [.. Blocks.Matches(Document.Read("docs", "ci.md")).SelectMany(Commands)];

    /// <summary>It is green when the deployment succeeds, and red when it fails; the output is seen both times.</summary>
    /// <param name="command">One of these.</param>
    /// <param name="workspace">Of the server.</param>
    /// <param name="address">Where the server is reached.</param>
    internal static async Task ShowsHowItEndsAsync(string command, Workspace workspace, Uri address)
    {
        var good = await RunAsync(command, workspace, address);
        workspace.TouchSite("bad");
        var bad = await RunAsync(command, workspace, address);
        File.Delete(workspace.At("site", "bad"));

        Assert.Contains("tag v1.2.3", good.Output, StringComparison.Ordinal);
        Assert.True(good.Code == 0, $"{command}\nended with {good.Code}\n{good.Output}");
        Assert.Contains("failed with exit code 1", bad.Output, StringComparison.Ordinal);
        Assert.True(bad.Code != 0, $"{command}\nended with 0\n{bad.Output}");
    }

    internal static async Task<(int Code, string Output)> RunAsync(string command, Workspace workspace, Uri address)
    {
        var server = address.ToString().TrimEnd('/');
        var text = command.Replace(ExampleServer, server, StringComparison.Ordinal);
        var start = new ProcessStartInfo("/bin/sh", ["-c", text])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            WorkingDirectory = workspace.Root,
            Environment =
            {
                ["PATH"] = Path.GetDirectoryName(ServerProgram.Path) + ":" + Environment.GetEnvironmentVariable("PATH"),
                ["DOTNET_ROOT"] = ProgramStart.RuntimeRoot,
                ["THIN_DEPLOYER_SERVER"] = server,
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

    /// <summary>What a job runs: behind <c>run:</c>, or an item below <c>script:</c>. Those of several lines ask the forge for a token.</summary>
    [GeneratedRegex(@"(run: (?!\|)|script:\n +- )(?<command>.+)", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Jobs { get; }
}
