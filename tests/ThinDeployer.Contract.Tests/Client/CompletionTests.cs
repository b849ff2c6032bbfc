using System.Diagnostics;
using ThinDeployer.Contract.Tests.Hosting;
using ThinDeployer.Contract.Tests.Standalone;

namespace ThinDeployer.Contract.Tests.Client;

/// <summary>The completion script, in a real bash.</summary>
public sealed class CompletionTests : IDisposable
{
    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Theory]
    [InlineData("thin-deployer de", "deploy")]
    [InlineData("thin-deployer --conf", "--configuration")]
    [InlineData("thin-deployer log --fo", "--follow")]
    [InlineData("thin-deployer deploy site --no", "--no-wait")]
    [InlineData("thin-deployer completion ", "bash")]
    [InlineData("thin-deployer import ", "webhook")]
    [InlineData("thin-deployer list --token-file tok", "token.txt")]
    [InlineData("thin-deployer list --nothing", "")]
    public async Task It_completes_what_the_program_knows(string line, string completed)
    {
        _workspace.Write("token.txt", "");
        var script = await ProgramRun.ToEndAsync(
            new ProgramStart(new BareServer(), _workspace) { Arguments = ["completion", "bash"] }
        );
        _workspace.Write("completion.bash", script.Output.Text);

        var words = line.Split(' ');
        using var bash = Process.Start(
            new ProcessStartInfo("bash", ["-c", Complete(words)])
            {
                UseShellExecute = false,
                WorkingDirectory = _workspace.Root,
                RedirectStandardOutput = true,
            }
        )!;
        var output = await bash.StandardOutput.ReadToEndAsync();

        Assert.Equal(0, script.ExitCode);
        Assert.Equal(completed, output.Trim());
    }

    private static string Complete(string[] words) =>
        $"source ./completion.bash; COMP_WORDS=({string.Join(' ', words.Select(word => $"'{word}'"))}); "
        + $"COMP_CWORD={words.Length - 1}; _thin_deployer; echo \"${{COMPREPLY[*]}}\"";
}
