using System.Net;
using System.Net.Sockets;
using ThinDeployer.Contract.Tests.Hosting;
using ThinDeployer.Contract.Tests.Http;

namespace ThinDeployer.Contract.Tests.Standalone;

/// <summary>Several addresses, and sockets in the file system.</summary>
public sealed class ListenTests
{
    private const UnixFileMode OwnerAndGroup =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite;

    [Fact]
    public async Task It_listens_on_each_address_that_is_named_and_says_so_line_by_line()
    {
        await using var server = await StartAsync(
            ["--listen", "127.0.0.1:0,127.0.0.2:0", "--listen", "unix:SOCKET"],
            NoVariables
        );

        var lines = Listens(server);

        Assert.Equal(3, lines.Count);
        Assert.StartsWith("http://127.0.0.2:", lines[1], StringComparison.Ordinal);
        Assert.Equal($"unix:{Socket(server)}", lines[2]);
        using var second = new HttpClient { BaseAddress = new Uri(lines[1]) };
        using var third = SocketHttp.To(Socket(server));
        Assert.All(
            [(await server.GetAsync("/")).Message, await PongAsync(second), await PongAsync(third)],
            text => Assert.Contains("pong", text, StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task The_variable_takes_a_list_and_the_port_counts_where_none_stands()
    {
        var port = FreePort();

        await using var server = await StartAsync(
            ["--port", $"{port}"],
            new() { ["THIN_DEPLOYER_LISTEN"] = "127.0.0.1, [::1]:0, 127.0.0.2" }
        );

        Assert.Equal(
            [$"http://127.0.0.1:{port}", $"http://127.0.0.2:{port}"],
            (string[])[Listens(server)[0], Listens(server)[2]]
        );
        Assert.DoesNotContain($":{port}", Listens(server)[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("127.0.0.2")]
    public async Task All_of_version_six_may_be_named_beside_version_four(string four)
    {
        var port = FreePort();

        await using var server = await StartAsync(["--listen", $"127.0.0.1:0,{four}:{port},[::]:{port}"], NoVariables);

        Assert.Equal(3, Listens(server).Count);
    }

    [Theory]
    [InlineData("unix:SOCKET", OwnerAndGroup)]
    [InlineData("unix:SOCKET,mode=0600", UnixFileMode.UserRead | UnixFileMode.UserWrite)]
    [InlineData("unix:SOCKET,mode=666", OwnerAndGroup | UnixFileMode.OtherRead | UnixFileMode.OtherWrite)]
    public async Task A_socket_has_the_mode_that_is_asked_for_and_goes_with_the_server(string listen, UnixFileMode mode)
    {
        await using var server = await StartAsync(["--listen", $"127.0.0.1:0,{listen}"], NoVariables);

        Assert.Equal(mode, File.GetUnixFileMode(Socket(server)));

        server.Program.Signal(PosixSignal.Terminate);
        Assert.Equal(0, await server.Program.ExitAsync());
        Assert.False(Path.Exists(Socket(server)));
    }

    [Theory]
    [InlineData("umask 0")]
    [InlineData("umask 077")]
    public async Task The_mask_of_who_starts_it_does_not_matter_to_a_socket(string mask)
    {
        await using var server = await StartAsync(["--listen", "127.0.0.1:0,unix:SOCKET"], NoVariables, mask);

        Assert.Equal(OwnerAndGroup, File.GetUnixFileMode(Socket(server)));
    }

    [Fact]
    public async Task What_a_crash_left_is_replaced_and_what_is_alive_stays()
    {
        await using var crashed = await StartAsync(["--listen", "127.0.0.1:0,unix:SOCKET"], NoVariables);
        var start = With(crashed.Workspace, ["--listen", "127.0.0.1:0,unix:SOCKET"], NoVariables);
        crashed.Program.Signal(PosixSignal.Kill);
        await crashed.Program.ExitAsync();
        Assert.True(Path.Exists(Socket(crashed)));
        var next = await RunningServer.StartAsync(start);

        using var other = new Workspace();
        other.Write("deployer.yml", ServiceYaml.Of("site", "true"));
        var refused = await ProgramRun.ToEndAsync(
            new ProgramStart(new BareServer(), other) { Arguments = ["--listen", $"unix:{Socket(next)}"] }
        );
        using var client = SocketHttp.To(Socket(next));

        Assert.Equal(ServerStart.CouldNotStart, refused.ExitCode);
        Assert.Contains("in use", Assert.Single(ServerStart.ErrorLines(refused)), StringComparison.Ordinal);
        Assert.Contains("pong", await PongAsync(client), StringComparison.Ordinal);
        await next.DisposeAsync();
    }

    [Fact]
    public async Task Another_kind_of_file_is_never_removed()
    {
        using var workspace = Site();
        var file = workspace.Write("http.sock", "precious");
        var link = workspace.At("link.sock");
        File.CreateSymbolicLink(link, file);

        foreach (var path in (string[])[file, link, workspace.Site])
        {
            var run = await ProgramRun.ToEndAsync(With(workspace, ["--listen", $"unix:{path}"], NoVariables));

            Assert.Equal(ServerStart.CouldNotStart, run.ExitCode);
            Assert.Contains("no socket", Assert.Single(ServerStart.ErrorLines(run)), StringComparison.Ordinal);
        }

        Assert.Equal("precious", File.ReadAllText(link));
    }

    [Fact]
    public async Task A_missing_folder_and_a_long_path_are_told()
    {
        using var workspace = Site();

        var missing = await ProgramRun.ToEndAsync(With(workspace, ["--listen", "unix:/nowhere/a.sock"], NoVariables));
        var longer = await ProgramRun.ToEndAsync(
            With(workspace, ["--listen", $"unix:/{new string('a', 107)}"], NoVariables)
        );

        Assert.Equal(
            (ServerStart.CouldNotStart, "thin-deployer: can't listen on unix:/nowhere/a.sock: its folder is missing"),
            (missing.ExitCode, Assert.Single(ServerStart.ErrorLines(missing)))
        );
        Assert.Equal(ServerStart.WrongUsage, longer.ExitCode);
        Assert.Contains("at most 107 bytes", Assert.Single(ServerStart.ErrorLines(longer)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_start_that_fails_leaves_no_socket_behind()
    {
        using var workspace = Site();

        var run = await ProgramRun.ToEndAsync(With(workspace, ["--listen", "unix:SOCKET,192.0.2.1:0"], NoVariables));

        Assert.Equal(ServerStart.CouldNotStart, run.ExitCode);
        Assert.False(Path.Exists(workspace.At("http.sock")));
    }

    [Fact]
    public async Task Who_comes_by_a_socket_has_no_address_and_the_failures_of_each_service_count_for_themselves()
    {
        await using var server = await StartAsync(
            ["--listen", "127.0.0.1:0,unix:SOCKET", "--auth-failures-per-minute", "1"],
            NoVariables
        );
        using var client = SocketHttp.To(Socket(server));

        Assert.Equal(403, await TryAsync(client, "site", "198.51.100.1"));
        Assert.Equal(429, await TryAsync(client, "site", "198.51.100.2"));
        Assert.Equal(403, await TryAsync(client, "other", "198.51.100.1"));

        await LoggedAsync(server, "for a Unix socket");
        await LoggedAsync(server, "--trusted-proxies does not say unix");
    }

    [Fact]
    public async Task A_proxy_behind_a_socket_is_believed_where_sockets_are_trusted()
    {
        await using var server = await StartAsync(
            [
                "--listen",
                "127.0.0.1:0,unix:SOCKET",
                "--auth-failures-per-minute",
                "1",
                "--trusted-proxies",
                "192.0.2.1,unix",
            ],
            NoVariables
        );
        using var client = SocketHttp.To(Socket(server));

        Assert.Equal(403, await TryAsync(client, "site", "198.51.100.1"));
        Assert.Equal(429, await TryAsync(client, "site", "198.51.100.1"));
        Assert.Equal(403, await TryAsync(client, "site", "198.51.100.2"));
        await LoggedAsync(server, "for 198.51.100.2");
    }

    [Fact]
    public async Task What_the_web_server_refuses_is_json_and_a_line_of_the_log_there_too()
    {
        await using var server = await StartAsync(["--listen", "127.0.0.1:0,unix:SOCKET"], NoVariables);
        using var socket = await SocketHttp.ConnectAsync(Socket(server), CancellationToken.None);
        await using var stream = new NetworkStream(socket);

        await stream.WriteAsync("nonsense\r\n\r\n"u8.ToArray());
        using var reader = new StreamReader(stream);
        var answer = await reader.ReadToEndAsync().WaitAsync(Eventually.Limit, TimeProvider.System);

        Assert.StartsWith("HTTP/1.1 400", answer, StringComparison.Ordinal);
        Assert.EndsWith("""{"message":"The request is not valid HTTP"}""", answer, StringComparison.Ordinal);
        await LoggedAsync(server, "not valid HTTP) for a Unix socket");
    }

    [Fact]
    public async Task The_client_goes_by_a_socket()
    {
        await using var server = await StartAsync(["--listen", "127.0.0.1:0,unix:SOCKET"], NoVariables);

        var good = await AskAsync(server, $"unix:{Socket(server)}");
        var gone = await AskAsync(server, $"unix:{server.Workspace.At("none.sock")}");
        var wrong = await AskAsync(server, "unix:relative.sock");

        Assert.True(good.ExitCode == 0, good.Errors.Text);
        Assert.Equal((3, 2), (gone.ExitCode, wrong.ExitCode));
        Assert.Contains("none.sock was not reached", gone.Errors.Text, StringComparison.Ordinal);
        Assert.Contains("full path", wrong.Errors.Text, StringComparison.Ordinal);
    }

    private static Dictionary<string, string> NoVariables { get; } = [];

    private static Workspace Site()
    {
        var workspace = new Workspace();
        workspace.Write("deployer.yml", ServiceYaml.Of("site", "true") + ServiceYaml.Of("other", "true"));
        return workspace;
    }

    private static Task<RunningServer> StartAsync(
        string[] arguments,
        Dictionary<string, string> settings,
        string? before = null
    ) => RunningServer.StartAsync(With(Site(), arguments, settings, before));

    /// <summary>SOCKET stands for the path of one in the workspace.</summary>
    private static ProgramStart With(
        Workspace workspace,
        string[] arguments,
        Dictionary<string, string> settings,
        string? before = null
    ) =>
        new(before is null ? new BareServer() : new WrappedHost(new BareServer(), before), workspace)
        {
            Arguments =
            [
                .. arguments.Select(text =>
                    text.Replace("SOCKET", workspace.At("http.sock"), StringComparison.Ordinal)
                ),
            ],
            Settings = settings,
        };

    private static Task LoggedAsync(RunningServer server, string text) =>
        Eventually.IsTrueAsync(
            () => server.Program.Output.Text.Contains(text, StringComparison.Ordinal),
            $"the log says: {text}"
        );

    private static string Socket(RunningServer server) => server.Workspace.At("http.sock");

    private static List<string> Listens(RunningServer server) =>
        [
            .. server
                .Program.Output.Lines.Select(line => line.Split(" listens on "))
                .Where(parts => parts.Length == 2)
                .Select(parts => parts[1]),
        ];

    private static Task<string> PongAsync(HttpClient client) => client.GetStringAsync(new Uri("/", UriKind.Relative));

    private static async Task<int> TryAsync(HttpClient client, string service, string forwarded)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/deploy/{service}");
        request.Headers.Add("X-Auth-Token", "wrong");
        request.Headers.Add("X-Forwarded-For", forwarded);
        using var answer = await client.SendAsync(request);
        return (int)answer.StatusCode;
    }

    private static Task<ProgramRun> AskAsync(RunningServer server, string address) =>
        ProgramRun.ToEndAsync(
            new ProgramStart(new BareServer(), server.Workspace)
            {
                Arguments = ["list", "--server", address, "--patience", "1ms"],
                Settings = new Dictionary<string, string> { ["THIN_DEPLOYER_TOKEN"] = ServiceYaml.Token },
            }
        );

    internal static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Any, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
