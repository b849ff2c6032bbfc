using System.Net;
using System.Net.Sockets;
using ThinDeployer.Contract.Tests.Hosting;

namespace ThinDeployer.Contract.Tests.Standalone;

/// <summary>A start that can't come to anything ends with one line that says why.</summary>
public sealed class CommandLineTests : IDisposable
{
    private readonly Workspace _workspace = new();

    public CommandLineTests() => _workspace.Write("deployer.yml", ServiceYaml.Of("site", "true"));

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public async Task A_port_that_is_in_use_is_told_in_one_line()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;

        var run = await EndsAsync("--listen", "127.0.0.1", "--port", $"{port}");

        Assert.Equal(ServerStart.CouldNotStart, run.ExitCode);
        Assert.Contains($"127.0.0.1:{port}", Assert.Single(ServerStart.ErrorLines(run)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_that_is_not_of_this_machine_is_told_in_one_line()
    {
        var run = await EndsAsync("--listen", "192.0.2.1", "--port", "0");

        Assert.Equal(ServerStart.CouldNotStart, run.ExitCode);
        Assert.Contains("192.0.2.1", Assert.Single(ServerStart.ErrorLines(run)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--port", "--port", "x")]
    [InlineData("--port", "--port", "65536")]
    [InlineData("--port", "--port", "-1")]
    [InlineData("--port", "--port", "8 0")]
    [InlineData("--port", "--port", "99999999999999999999")]
    [InlineData("--port", "--port")]
    [InlineData("--port", "--port", "0", "--port", "0")]
    [InlineData("--listen", "--listen", "not-an-address")]
    [InlineData("--listen", "--listen", "127.0.0.1:65536")]
    [InlineData("--listen", "--listen", "127.0.0.1", "--listen", "127.0.0.1")]
    [InlineData("--max-body", "--max-body", "much")]
    [InlineData("--max-body", "--max-body", "1 MiB")]
    [InlineData("--auth-failures-per-minute", "--auth-failures-per-minute", "-1")]
    [InlineData("--trusted-proxies", "--trusted-proxies", "proxy.example.org")]
    [InlineData("--hide-services", "--hide-services", "perhaps")]
    [InlineData("--prot", "--prot", "0")]
    [InlineData("surprise", "surprise")]
    [InlineData("@nothing", "@nothing")]
    public async Task A_wrong_switch_is_told_in_one_line(string named, params string[] arguments)
    {
        var run = await EndsAsync(arguments);

        Assert.Equal(ServerStart.WrongUsage, run.ExitCode);
        Assert.Contains(named, Assert.Single(ServerStart.ErrorLines(run)), StringComparison.Ordinal);
        Assert.Empty(run.Output.Lines);
    }

    [Theory]
    [InlineData("THIN_DEPLOYER_MAX_BODY", "much")]
    [InlineData("THIN_DEPLOYER_PORT", "x")]
    [InlineData("THIN_DEPLOYER_LISTEN", "nowhere")]
    [InlineData("HC_MAX_DISK_USAGE", "101")]
    [InlineData("HC_MIN_TOKEN_LENGTH", "-1")]
    public async Task A_wrong_variable_is_told_in_one_line(string name, string value)
    {
        var run = await ProgramRun.ToEndAsync(BareStart(new() { [name] = value }));

        Assert.Equal(ServerStart.WrongUsage, run.ExitCode);
        Assert.Single(ServerStart.ErrorLines(run));
    }

    [Fact]
    public async Task Help_names_every_switch()
    {
        var run = await EndsAsync("--help");

        Assert.Equal(0, run.ExitCode);
        Assert.All(
            ["--configuration", "--port", "--listen", "--log-file-prefix", "--data", "--max-body"],
            name => Assert.Contains(name, run.Output.Text, StringComparison.Ordinal)
        );
    }

    [Theory]
    [InlineData("help")]
    [InlineData("--help")]
    public async Task Help_has_the_commands_in_groups(string asked)
    {
        var run = await EndsAsync(asked);

        string[] heads = ["Serve:", "Ask a server:", "Act on a server:", "Set up", "Help:"];
        Assert.Equal(0, run.ExitCode);
        Assert.Equal(
            heads.Select(head => run.Output.Text.IndexOf($"\n{head}", StringComparison.Ordinal)).Order(),
            heads.Select(head => run.Output.Text.IndexOf($"\n{head}", StringComparison.Ordinal))
        );
        Assert.DoesNotContain("Commands:", run.Output.Text, StringComparison.Ordinal);
        Assert.All(
            ["list", "status", "deploy", "cancel", "validate", "doctor", "completion", "help", "version"],
            name => Assert.Single(run.Output.Lines, line => line.StartsWith($"  {name} ", StringComparison.Ordinal))
        );
    }

    [Theory]
    [InlineData("help", "log")]
    [InlineData("log", "--help")]
    public async Task Help_tells_of_one_command(params string[] arguments)
    {
        var run = await EndsAsync(arguments);

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("--follow", run.Output.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Ask a server", run.Output.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_version_may_be_asked_for_by_a_word()
    {
        var word = await EndsAsync("version");
        var option = await EndsAsync("--version");

        Assert.Equal((0, option.Output.Text), (word.ExitCode, word.Output.Text));
        Assert.NotEmpty(word.Output.Text);
    }

    [Theory]
    [InlineData("there is no command \"delpoy\"; did you mean \"deploy\"?", "delpoy", "site", "tag=v1")]
    [InlineData("there is no command \"validat\"; did you mean \"validate\"?", "help", "validat")]
    [InlineData("there is no switch \"--servce\"; did you mean \"--service\"?", "list", "--servce", "x")]
    [InlineData("there is no switch \"--prot\"; did you mean \"--port\"?", "--prot", "0")]
    [InlineData("there is no command \"hepl\"; did you mean \"help\"?", "hepl")]
    public async Task What_is_misspelt_gets_the_nearest(string told, params string[] arguments)
    {
        var run = await EndsAsync(arguments);

        Assert.Equal(ServerStart.WrongUsage, run.ExitCode);
        Assert.Equal($"thin-deployer: {told}", Assert.Single(ServerStart.ErrorLines(run)));
    }

    private Task<ProgramRun> EndsAsync(params string[] arguments) =>
        ProgramRun.ToEndAsync(BareStart([]) with { Arguments = arguments });

    private ProgramStart BareStart(Dictionary<string, string> settings) =>
        new(new BareServer(), _workspace) { Settings = settings };
}
