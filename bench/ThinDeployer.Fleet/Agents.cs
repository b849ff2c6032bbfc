using Microsoft.Extensions.Hosting;
using ThinDeployer.Broker;
using ThinDeployer.Configuration;

namespace ThinDeployer.Fleet;

/// <summary>Many machines in this process, each with all of the engine and a record of its own.</summary>
internal sealed class Agents : IAsyncDisposable
{
    /// <summary>Machines that join at once.</summary>
    private const int AtOnce = 8;

    private readonly TemporaryFolder _folder = new();
    private readonly List<IHost> _hosts = [];

    internal async Task StartAsync(Front front, int count)
    {
        using var slots = new SemaphoreSlim(AtOnce);
        await Task.WhenAll(
            Enumerable
                .Range(1, count)
                .Select(async number =>
                {
                    await slots.WaitAsync();
                    await StartAsync(front, $"web-{number}");
                    slots.Release();
                })
        );
        while (await front.OnlineAsync() < count)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_hosts.Select(host => host.StopAsync()));
        foreach (var host in _hosts)
        {
            await ((IAsyncDisposable)host).DisposeAsync();
        }

        _folder.Dispose();
    }

    private async Task StartAsync(Front front, string name)
    {
        var folder = Directory.CreateDirectory(_folder.At(name)).FullName;
        var file = Path.Join(folder, "deployer.yml");
        await File.WriteAllTextAsync(file, $"shop:\n  pwd: {folder}\n  commands: [\"true\"]\n");
        var settings = ServerSettings.Read(
            _ => null,
            variable =>
                variable switch
                {
                    "THIN_DEPLOYER_CONFIGURATION" => file,
                    "THIN_DEPLOYER_DATA" => Path.Join(folder, "data"),
                    _ => null,
                },
            isAgent: true
        );
        var start = await AgentProgram.JoinAsync(
            settings,
            await front.AddAsync(name),
            BrokerTransport.OfMachine,
            _ => { },
            CancellationToken.None
        );
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder
            .Services.AddThinDeployer(
                settings,
                LoadedConfiguration.Load(settings),
                HostProfile.Standalone with
                {
                    LogsToConsole = false,
                }
            )
            .AddAgent(((AgentStart.Joined)start).Machine, BrokerTransport.OfMachine);
        var host = builder.Build();
        await host.StartAsync();
        lock (_hosts)
        {
            _hosts.Add(host);
        }
    }
}
