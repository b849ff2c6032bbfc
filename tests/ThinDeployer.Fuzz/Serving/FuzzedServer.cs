using System.Collections.Concurrent;
using ThinDeployer.Contract.Tests.Hosting;
using ThinDeployer.Contract.Tests.Standalone;

namespace ThinDeployer.Fuzz.Serving;

/// <summary>A started server, and what must be true of it after whatever was sent to it.</summary>
internal sealed class FuzzedServer : IAsyncDisposable
{
    /// <summary>Megabytes; far above what it needs, far below what a leak comes to.</summary>
    private const int MostMemory = 350;

    private readonly RunningServer _server;

    private FuzzedServer(RunningServer server) => _server = server;

    internal Uri Address => _server.Address;

    /// <summary>How often each status came, 0 for no answer at all.</summary>
    internal ConcurrentDictionary<int, int> Statuses { get; } = [];

    /// <summary>What a value makes that was run as code.</summary>
    internal string Marker => _server.Workspace.At("site", "hacked");

    internal static async Task<FuzzedServer> StartAsync(bool hidesServices = false)
    {
        var workspace = new Workspace();
        workspace.Write("deployer.yml", Services.Configuration);
        var settings = new Dictionary<string, string>
        {
            ["THIN_DEPLOYER_ADMIN_TOKEN"] = Services.AdminToken,
            ["THIN_DEPLOYER_HIDE_SERVICES"] = hidesServices ? "true" : "false",
            ["HC_TOKEN"] = Services.HealthToken,
        };
        return new FuzzedServer(
            await RunningServer.StartAsync(new ProgramStart(new StandaloneServer(), workspace) { Settings = settings })
        );
    }

    /// <summary>Sends, and holds the answer to what is true of all.</summary>
    internal Reply? Send(byte[] request, bool isWhole)
    {
        var reply = Exchange.Send(Address, request, isWhole);
        Statuses.AddOrUpdate(reply?.Status ?? 0, 1, (_, count) => count + 1);
        if (reply is null)
        {
            Assert.False(isWhole, "The connection was closed without an answer");
            return null;
        }

        // 501 and 505 are what HTTP says to an encoding or a version that is not known.
        Assert.True(reply.Status is < 500 or 501 or 505, $"{reply.Status} {reply.Text}");
        if (reply.IsJson)
        {
            _ = request.AsSpan().StartsWith("HEAD "u8) ? default : reply.Json;
            Assert.Equal("no-store", reply.Headers["Cache-Control"]);
        }

        return reply;
    }

    /// <summary>That a right request is served as ever.</summary>
    internal async Task ServesAsync()
    {
        var answer = await _server.DeployAsync($"{Services.Open}?a=fine");

        Assert.True(answer.Status == 202 && answer.Output.EndsWith("[fine]", StringComparison.Ordinal), $"{answer}");
    }

    /// <summary>That nobody was let in, and that all is well.</summary>
    /// <param name="mostMemory">Megabytes.</param>
    internal async Task IsWellAsync(int mostMemory = MostMemory)
    {
        Assert.False(_server.Program.HasExited, _server.Program.Transcript);
        await ServesAsync();
        Assert.Equal("", _server.Workspace.ReadSite(Services.Ran));
        foreach (var service in Services.Guarded.Keys)
        {
            var answer = await _server.GetAsync(
                $"/deployments?service={service}",
                ("X-Auth-Token", Services.AdminToken)
            );
            Assert.Equal(0, answer.Json.GetProperty("deployments").GetArrayLength());
        }

        Assert.False(File.Exists(Marker));
        LogIsClean();
        Assert.InRange(_server.Program.PeakMemoryMegabytes(), 1, mostMemory);
    }

    /// <summary>The id of a deployment that has ended.</summary>
    internal async Task<string> EndedAsync() => (await _server.DeployAsync(Services.Open)).Header("X-Deployment-Id")!;

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private void LogIsClean()
    {
        foreach (var line in _server.Program.Output.Lines.Concat(_server.Program.Errors.Lines))
        {
            Assert.DoesNotContain("internal error", line, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("Exception", line, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", line, StringComparison.Ordinal);
            Assert.DoesNotContain(line, character => char.IsControl(character) && character != '\t');
            Assert.DoesNotContain(
                Services.Secrets,
                secret => secret != Services.Weak && line.Contains(secret, StringComparison.Ordinal)
            );
        }
    }
}
