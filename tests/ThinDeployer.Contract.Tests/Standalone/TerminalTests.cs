using ThinDeployer.Contract.Tests.Hosting;

namespace ThinDeployer.Contract.Tests.Standalone;

/// <summary>A server that someone started in a terminal, here a pseudo-terminal of script(1).</summary>
public sealed class TerminalTests
{
    /// <summary>Field 7 of proc(5) is 0 without a controlling terminal; opening <c>/dev/tty</c> then fails.</summary>
    private const string Terminal =
        "read -r pid name state parent group session terminal rest < /proc/self/stat; "
        + "(: < /dev/tty) 2> /dev/null && echo opened; echo terminal $terminal";

    private const string Keyboard = "keyboard";

    private static readonly string Configuration =
        ServiceYaml.With("site", "on_success: ['(: < /dev/tty) && echo opened || echo none']", Terminal, Terminal)
        + ServiceYaml.Of("long", "touch began; until [ -e go ]; do sleep 0.02; done; echo done")
        + (
            Environment.UserName == "root"
                ? ServiceYaml.With("another", "run_as: daemon", Terminal, Terminal)
                : ServiceYaml.Of("another", "exit 1")
        );

    [Theory]
    [InlineData("")]
    [InlineData("< /dev/null")]
    public async Task No_step_has_a_controlling_terminal_wherever_the_servers_input_is_from(string redirection)
    {
        await using var server = await StartAsync(redirection);

        var answer = await server.DeployAsync("site");
        var log = await server.AskAsync($"/deployments/{answer.Header("X-Deployment-Id")}/log");

        Assert.Equal(["terminal 0", "terminal 0"], answer.Printed.Where(IsAboutTerminal));
        Assert.EndsWith("\nnone\n", log.Text, StringComparison.Ordinal);
        Assert.NotEqual("0", TerminalOf(server));
    }

    [RootTheory]
    [InlineData("")]
    [InlineData("< /dev/null")]
    public async Task Nor_has_one_with_the_rights_of_another_user(string redirection)
    {
        await using var server = await StartAsync(redirection);

        var answer = await server.DeployAsync("another");

        Assert.Equal(["terminal 0", "terminal 0"], answer.Printed.Where(IsAboutTerminal));
    }

    [Theory]
    [InlineData("")]
    [InlineData("< /dev/null")]
    public async Task Control_C_reaches_the_server_and_no_step(string redirection)
    {
        await using var server = await StartAsync(redirection);
        var running = server.DeployAsync("long");
        await server.Workspace.SiteHasAsync("began");

        await File.AppendAllTextAsync(server.Workspace.At(Keyboard), "\u0003");
        await Eventually.IsTrueAsync(
            async () => (await server.GetAsync("/technical/ready")).Status,
            503,
            "the server is stopping"
        );
        server.Workspace.TouchSite("go");

        Assert.Equal(["done"], (await running).Printed);
        Assert.Equal(0, await server.Program.ExitAsync());
    }

    private static Task<RunningServer> StartAsync(string redirection)
    {
        var workspace = new Workspace();
        workspace.Write("deployer.yml", Configuration);
        File.SetUnixFileMode(workspace.Root, (UnixFileMode)0b111_101_101);
        return RunningServer.StartAsync(
            new ProgramStart(new InTerminal(new StandaloneServer(), redirection), workspace)
        );
    }

    /// <summary>That of the server itself: 0 would mean that the test proves nothing.</summary>
    private static string TerminalOf(RunningServer server)
    {
        var id = File.ReadAllText(Path.Combine(server.Workspace.Data, "lock.pid")).Trim();
        var stat = File.ReadAllText($"/proc/{id}/stat");
        return stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[4];
    }

    private static bool IsAboutTerminal(string line) =>
        line is "opened" || line.StartsWith("terminal", StringComparison.Ordinal);

    /// <summary>Starts the server as the only job of a pseudo-terminal; what is written to the pipe is typed there.</summary>
    private sealed class InTerminal(IHostProgram inner, string redirection) : IHostProgram
    {
        public string Path => "/bin/sh";

        public IReadOnlyList<string> Arguments { get; } =
        [
            "-c",
            $"mkfifo {Keyboard}; exec script -qec \"$0\" /dev/null <> {Keyboard}",
            $"exec {inner.Path} {string.Join(' ', inner.Arguments)} {redirection}",
        ];

        public IReadOnlyDictionary<string, string> Environment => inner.Environment;
    }
}
