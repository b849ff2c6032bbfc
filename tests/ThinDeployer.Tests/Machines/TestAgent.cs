using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using ThinDeployer.Audit;
using ThinDeployer.Configuration;
using ThinDeployer.Deployments;
using ThinDeployer.Machines;

namespace ThinDeployer.Tests.Machines;

/// <summary>A machine with all of the engine, a real record and a real shell, and a front whose transport is memory.</summary>
internal sealed class TestAgent : IAsyncDisposable
{
    internal const string Name = "web-1";

    private static readonly Uri Broker = new("amqp://127.0.0.1");

    private readonly TemporaryFolder _folder;
    private readonly MachineIdentity _identity;
    private IHost? _host;

    private TestAgent(TemporaryFolder folder)
    {
        _folder = folder;
        using var front = JoinKey.New();
        using var machine = JoinKey.New();
        _identity = new MachineIdentity(Name, Broker, machine.Private, front.Public);
        Keys = _identity.Keys!;
        Front = new HeardFront(Keys);
    }

    internal MachineKeys Keys { get; }

    internal MemoryAgentLine Line { get; private set; } = new();

    internal HeardFront Front { get; }

    /// <param name="command">Of the service <c>shop</c>; what it says of <c>FOLDER</c> is a folder.</param>
    internal static async Task<TestAgent> StartAsync(string command, string more = "")
    {
        var folder = new TemporaryFolder();
        var agent = new TestAgent(folder);
        folder.Write(
            "deployer.yml",
            System.Text.Encoding.UTF8.GetBytes(
                $"""
                shop:
                  pwd: {folder.FullName}
                  commands:
                    - |-
                      {command.Replace("\n", "\n      ", StringComparison.Ordinal)}
                {more}
                """
            )
        );
        await agent.StartAsync();
        return agent;
    }

    internal string At(string name) => _folder.At(name);

    /// <summary>Another program on the same folder.</summary>
    internal async Task RestartAsync(MemoryAgentLine line)
    {
        await StopAsync();
        Line = line;
        await StartAsync();
    }

    internal Order Order(string? id = null, TimeSpan? expire = null) =>
        new(
            id ?? Guid.CreateVersion7().ToString(),
            Name,
            Guid.CreateVersion7().ToString(),
            "shop",
            new Dictionary<string, string>(),
            (TimeProvider.System.GetUtcNow() + (expire ?? TimeSpan.FromHours(1))).ToUnixTimeMilliseconds()
        );

    internal Envelope Sealed(Order order, DateTimeOffset? at = null) => Sealed(new Message { Order = order }, at);

    internal Envelope Sealed(Message message, DateTimeOffset? at = null) =>
        Keys.Orders.Seal(message, Guid.CreateVersion7().ToString(), at ?? TimeProvider.System.GetUtcNow());

    internal Task GiveAsync(Order order) => Line.OrderAsync(Sealed(order));

    internal Task TellAsync(FrontAlive alive) => Line.ControlAsync(Sealed(new Message { Front = alive }));

    internal Task CancelAsync(string id) =>
        Line.ControlAsync(Sealed(new Message { Cancel = new CancelOrder(id, "ada") }));

    internal DeploymentEntry? Find(string id) => _host!.Services.GetRequiredService<EngineRoom>().Open!.Desk.Find(id);

    /// <summary>The reasons of what was refused.</summary>
    internal async Task<IReadOnlyList<string?>> RefusalsAsync()
    {
        var audit = _host!.Services.GetRequiredService<AuditTrail>();
        await audit.FlushAsync();
        return
        [
            .. audit
                .List(new AuditFilter(Service: null, What: null, Since: null, Before: null, Limit: 100))
                .Select(kept => kept.Entry)
                .Where(entry => entry.Result == AuditResult.Refused)
                .Select(entry => entry.Reason),
        ];
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _folder.Dispose();
    }

    private async Task StartAsync()
    {
        Line.Arrived = Front.Hear;
        var settings = ServerSettings.Read(
            _ => null,
            name =>
                name switch
                {
                    "THIN_DEPLOYER_CONFIGURATION" => _folder.At("deployer.yml"),
                    "THIN_DEPLOYER_DATA" => _folder.At("data"),
                    "THIN_DEPLOYER_SHUTDOWN_GRACE" => "0s",
                    _ => null,
                },
            isAgent: true
        );
        var configuration = LoadedConfiguration.Load(settings);
        Assert.Empty(configuration.Mistakes);
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddThinDeployer(
            settings,
            configuration,
            HostProfile.Standalone with
            {
                LogsToConsole = false,
            }
        );
        builder.Services.AddAgent(
            new JoinedMachine(_identity, new LineAddress(Broker, AuthorityFile: null, Name, Keys.Password)),
            new AgentTransport((_, _, _) => Line, (_, _) => Task.CompletedTask)
        );
        _host = builder.Build();
        await _host.StartAsync();
    }

    private async Task StopAsync()
    {
        if (_host is not null)
        {
            await _host.StopAsync();
            await ((IAsyncDisposable)_host).DisposeAsync();
            _host = null;
        }
    }
}
