using ThinDeployer.Contract.Tests.Hosting;
using ThinDeployer.Contract.Tests.Standalone;

namespace ThinDeployer.Contract.Tests.Client;

/// <summary>What a terminal gets from the program, by script(1) of util-linux.</summary>
public sealed class TerminalTests : IDisposable
{
    private const string Token = "^[A-Za-z0-9_-]{43}$";
    private const string Digest = "^sha256:[0-9a-f]{64}$";

    private readonly Workspace _workspace = new();

    [Theory]
    [InlineData("--version")]
    [InlineData("--help")]
    [InlineData("token new")]
    [InlineData("token new > /dev/null")]
    [InlineData("list --server http://127.0.0.1:1 --patience 1ms")]
    [InlineData("list --server http://127.0.0.1:1 --patience 1ms 2> /dev/null")]
    public async Task Its_keys_are_left_as_they_are(string arguments)
    {
        var shown = await InTerminalAsync(arguments);

        Assert.DoesNotContain('\e', shown);
    }

    [Fact]
    public async Task New_tokens_say_what_is_what()
    {
        var shown = await InTerminalAsync("token new --hash");

        Assert.Collection(
            shown.Split('\n'),
            line => Assert.Equal("The token, for who calls:", line),
            line => Assert.Matches(Token, line),
            line => Assert.Equal("Its digest, for the configuration:", line),
            line => Assert.Matches(Digest, line)
        );
    }

    [Fact]
    public async Task A_file_gets_the_tokens_alone()
    {
        var shown = await InTerminalAsync("token new --hash > both 2>&1; cat both");

        Assert.Collection(shown.Split('\n'), line => Assert.Matches(Token, line), line => Assert.Matches(Digest, line));
    }

    public void Dispose() => _workspace.Dispose();

    private async Task<string> InTerminalAsync(string arguments)
    {
        var run = await ProgramRun.ToEndAsync(
            new ProgramStart(new Script(), _workspace)
            {
                Arguments = [$"{ServerProgram.Path} {arguments}", "/dev/null"],
                Settings = new Dictionary<string, string>
                {
                    ["TERM"] = "xterm",
                    ["THIN_DEPLOYER_TOKEN"] = ServiceYaml.Token,
                },
            }
        );
        return run.Output.Text.TrimEnd();
    }

    /// <summary>Runs a command of a shell in a terminal of its own.</summary>
    private sealed record Script : IHostProgram
    {
        public string Path => "/usr/bin/script";

        public IReadOnlyList<string> Arguments { get; } = ["--quiet", "--command"];

        public IReadOnlyDictionary<string, string> Environment { get; } = new Dictionary<string, string>();
    }
}
