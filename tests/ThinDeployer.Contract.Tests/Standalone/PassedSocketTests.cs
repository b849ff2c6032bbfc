using System.Net;
using System.Net.Sockets;
using ThinDeployer.Contract.Tests.Hosting;
using ThinDeployer.Contract.Tests.Http;

namespace ThinDeployer.Contract.Tests.Standalone;

/// <summary>Sockets that are handed over, as systemd does it: its own tool stands in for it.</summary>
public sealed class PassedSocketTests : IDisposable
{
    private const string Tool = "/usr/bin/systemd-socket-activate";

    private readonly Workspace _workspace = new();

    public PassedSocketTests() =>
        _workspace.Write(
            "deployer.yml",
            ServiceYaml.With(
                "site",
                "inherit_environment: [LISTEN_FDS, LISTEN_PID, LISTEN_FDNAMES]",
                "env > environment; ls -l /proc/self/fd > descriptors; true"
            )
        );

    public void Dispose() => _workspace.Dispose();

    [ActivationFact]
    public async Task They_stand_in_for_the_addresses_and_no_step_gets_them()
    {
        var port = FreePort();
        var path = _workspace.At("http.sock");
        await using var program = StartedProgram.Start(With($"127.0.0.1:{port}", path));
        await Eventually.IsTrueAsync(() => Path.Exists(path), "the tool listens");
        using var bySocket = SocketHttp.To(path);
        using var byPort = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };

        using var request = new HttpRequestMessage(HttpMethod.Post, "/deploy/site");
        request.Headers.Add("X-Auth-Token", ServiceYaml.Token);
        var deployed = await byPort.SendAsync(request);

        Assert.Equal(HttpStatusCode.Accepted, deployed.StatusCode);
        Assert.Contains(
            "pong",
            await bySocket.GetStringAsync(new Uri("/", UriKind.Relative)),
            StringComparison.Ordinal
        );
        // The log has a thread of its own.
        await Eventually.IsTrueAsync(() => Listening(program).Count() == 2, "it is told where it listens");
        Assert.Equal([$"http://127.0.0.1:{port}", $"unix:{path}"], Listening(program));
        Assert.DoesNotContain("LISTEN_", _workspace.ReadSite("environment"), StringComparison.Ordinal);
        Assert.DoesNotContain("socket:", _workspace.ReadSite("descriptors"), StringComparison.Ordinal);

        // It is systemd's, for the next start.
        program.Signal(PosixSignal.Terminate);
        Assert.Equal(0, await program.ExitAsync());
        Assert.True(Path.Exists(path));
    }

    private static IEnumerable<string> Listening(StartedProgram program) =>
        program
            .Output.Lines.Where(line => line.Contains(" listens on ", StringComparison.Ordinal))
            .Select(line => line.Split(" listens on ")[1]);

    [ActivationFact]
    public async Task One_that_takes_no_connections_is_told()
    {
        var port = FreePort();
        await using var program = StartedProgram.Start(With($"127.0.0.1:{port}", "--datagram"));
        using var client = new UdpClient("127.0.0.1", port);
        await Eventually.IsTrueAsync(
            () =>
            {
                Knock(client);
                return program.HasExited;
            },
            "the server has ended"
        );

        Assert.Equal(ServerStart.CouldNotStart, await program.ExitAsync());
        Assert.Contains("does not listen for connections", program.Errors.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Variables_for_another_process_mean_nothing()
    {
        await using var server = await RunningServer.StartAsync(
            new ProgramStart(new StandaloneServer(), _workspace)
            {
                Settings = new Dictionary<string, string> { ["LISTEN_PID"] = "1", ["LISTEN_FDS"] = "1" },
            }
        );

        Assert.Equal("pong", (await server.GetAsync("/")).Message);
    }

    private static void Knock(UdpClient client)
    {
        try
        {
            client.Send([1]);
        }
        catch (SocketException)
        {
            // Nobody is there yet, or any more.
        }
    }

    private ProgramStart With(params string[] sockets) => new(new Activated(sockets), _workspace);

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <param name="sockets">Addresses and paths to listen on, and <c>--datagram</c>.</param>
    private sealed class Activated(string[] sockets) : IHostProgram
    {
        /// <summary>The tool hands none over that it is not told of.</summary>
        private static readonly string[] Variables =
        [
            "HOME",
            "TZ",
            "DOTNET_ROOT",
            "THIN_DEPLOYER_CONFIGURATION",
            "THIN_DEPLOYER_DATA",
        ];

        public string Path => Tool;

        public IReadOnlyList<string> Arguments { get; } =
        [
            .. sockets.SelectMany(socket => socket[0] == '-' ? new[] { socket } : ["--listen", socket]),
            .. Variables.SelectMany(variable => (string[])["-E", variable]),
            ServerProgram.Path,
        ];

        public IReadOnlyDictionary<string, string> Environment { get; } = new Dictionary<string, string>();
    }

    /// <summary>Where systemd's tool is.</summary>
    [AttributeUsage(AttributeTargets.Method)]
    private sealed class ActivationFactAttribute : LimitedFactAttribute
    {
        public ActivationFactAttribute() => Skip = File.Exists(Tool) ? null : $"There is no {Tool}";
    }
}
