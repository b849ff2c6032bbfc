using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using ThinDeployer.Audit;
using ThinDeployer.Configuration;
using ThinDeployer.Deployments;
using ThinDeployer.Machines;
using ThinDeployer.Storage;

namespace ThinDeployer;

/// <summary>A program in the role of a machine that a front orders about.</summary>
public static class AgentProgram
{
    /// <summary>Whether the data folder is that of a machine which has joined a front.</summary>
    public static bool HasJoined(ServerSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return File.Exists(Path.Join(settings.Engine.DataFolder, MachineFile.Name));
    }

    /// <summary>Finds what this machine has joined by, or joins by a code, however long the front takes.</summary>
    /// <param name="settings">The switches.</param>
    /// <param name="code">Of the front; null for a machine that has joined.</param>
    /// <param name="transport">How to reach the front.</param>
    /// <param name="say">Tells people what it waits for: a part of a sentence.</param>
    /// <param name="stop">Ends the waiting.</param>
    /// <exception cref="StorageException">The data folder can't be used.</exception>
    public static async Task<AgentStart> JoinAsync(
        ServerSettings settings,
        string? code,
        AgentTransport transport,
        Action<string> say,
        CancellationToken stop
    )
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(transport);
        var known = MachineFile.Read(Path.Join(settings.Engine.DataFolder, MachineFile.Name));
        if (code is null)
        {
            return known is null
                ? new AgentStart.Refused(
                    "this machine has joined no front: make a code there by \"thin-deployer machines add NAME\", and start this once with --join CODE"
                )
                : Checked(known, settings, transport);
        }

        if (JoinCode.Parse(code.Trim()) is not { } read)
        {
            return new AgentStart.Refused("what --join has is no join code; copy all of it");
        }

        if (known?.IsOf(read) is true)
        {
            // It stays in a unit that was made once.
            return Checked(known, settings, transport);
        }

        var wanted = new MachineIdentity(read.Machine, read.Broker, [], read.FrontKey);
        return Checked(wanted, settings, transport) is AgentStart.Refused refused
            ? refused
            : await JoinAsync(settings, read, transport, say, stop);
    }

    /// <summary>Adds the work of such a machine to a host that has the core.</summary>
    /// <param name="services">Where to.</param>
    /// <param name="machine">What it has joined by.</param>
    /// <param name="transport">How to reach the front.</param>
    public static IServiceCollection AddAgent(
        this IServiceCollection services,
        JoinedMachine machine,
        AgentTransport transport
    )
    {
        ArgumentNullException.ThrowIfNull(machine);
        ArgumentNullException.ThrowIfNull(transport);
        var name = machine.Identity.Machine;
        var keys = machine.Identity.Keys!;
        return services
            .AddSingleton<OrderBook>()
            .AddSingleton<FrontClock>()
            .AddSingleton<ForgedMessages>()
            .AddSingleton(provider =>
                transport.Open(
                    machine.Address,
                    provider.GetRequiredService<TimeProvider>(),
                    provider.GetRequiredService<ILoggerFactory>()
                )
            )
            .AddSingleton(provider => new AgentLink(
                provider.GetRequiredService<IAgentLine>(),
                keys,
                provider.GetRequiredService<TimeProvider>()
            ))
            .AddSingleton(provider => new OrderReporter(
                name,
                provider.GetRequiredService<EngineRoom>(),
                provider.GetRequiredService<OrderBook>(),
                provider.GetRequiredService<AgentLink>(),
                provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<ILogger<OrderReporter>>()
            ))
            .AddSingleton<IDeploymentListener>(provider => provider.GetRequiredService<OrderReporter>())
            .AddSingleton(provider => TakerOf(provider, name, keys))
            .AddSingleton(provider => RoomOf(provider, name, keys))
            .AddHostedService(provider => provider.GetRequiredService<AgentRoom>());
    }

    private static async Task<AgentStart> JoinAsync(
        ServerSettings settings,
        JoinCode code,
        AgentTransport transport,
        Action<string> say,
        CancellationToken stop
    )
    {
        using var folder = await DataFolder.OpenAsync(
            settings.Engine.DataFolder,
            DataFolder.LockPatience,
            TimeProvider.System,
            stop
        );
        var joining = folder.At(MachineFile.JoiningName);
        var asked = MachineFile.Read(joining) is { } before && before.IsOf(code) ? before : null;
        var identity = asked ?? MachineIdentity.New(code);
        if (asked is null)
        {
            // Before the front hears of the key: it takes no other one for this code.
            MachineFile.Write(joining, identity);
        }

        var join = new AgentJoin(
            code,
            identity,
            identity.Keys!,
            password =>
                transport.Open(
                    AddressOf(identity, settings) with
                    {
                        Password = password,
                    },
                    TimeProvider.System,
                    NullLoggerFactory.Instance
                ),
            say,
            TimeProvider.System
        );
        if (!await join.RunAsync(asked is not null, stop))
        {
            return new AgentStart.NotLetIn(
                $"the join code is over: make another one at the front by \"thin-deployer machines add {code.Machine}\""
            );
        }

        MachineFile.Write(folder.At(MachineFile.Name), identity);
        File.Delete(joining);
        say($"has joined as {identity.Machine}");
        return Checked(identity, settings, transport);
    }

    private static AgentStart Checked(MachineIdentity identity, ServerSettings settings, AgentTransport transport)
    {
        if (settings.Machines.Machine is { } named && named != identity.Machine)
        {
            return new AgentStart.Refused(
                $"--machine says {named}, but this machine has its join code as {identity.Machine}; leave --machine out"
            );
        }

        var address = AddressOf(identity, settings);
        try
        {
            // What can never be used is told now, and not while it serves.
            _ = transport.Open(address, TimeProvider.System, NullLoggerFactory.Instance).DisposeAsync().AsTask();
        }
        catch (FormatException exception)
        {
            return new AgentStart.Refused(exception.Message);
        }

        return new AgentStart.Joined(new JoinedMachine(identity, address));
    }

    private static LineAddress AddressOf(MachineIdentity identity, ServerSettings settings) =>
        identity.Address(settings.Machines.Broker, settings.Machines.AuthorityFile);

    private static OrderTaker TakerOf(IServiceProvider provider, string name, MachineKeys keys)
    {
        var current = provider.GetRequiredService<CurrentConfiguration>();
        return new OrderTaker(
            name,
            keys,
            provider.GetRequiredService<EngineRoom>(),
            provider.GetRequiredService<Intake>(),
            provider.GetRequiredService<OrderBook>(),
            current.FindPlan,
            provider.GetRequiredService<FrontClock>(),
            provider.GetRequiredService<OrderReporter>().Tell,
            provider.GetRequiredService<ForgedMessages>(),
            provider.GetRequiredService<AuditTrail>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<OrderTaker>>()
        );
    }

    private static AgentRoom RoomOf(IServiceProvider provider, string name, MachineKeys keys)
    {
        var current = provider.GetRequiredService<CurrentConfiguration>();
        return new AgentRoom(
            name,
            keys,
            provider.GetRequiredService<IAgentLine>(),
            provider.GetRequiredService<AgentLink>(),
            provider.GetRequiredService<OrderTaker>(),
            provider.GetRequiredService<OrderReporter>(),
            provider.GetRequiredService<FrontClock>(),
            provider.GetRequiredService<ForgedMessages>(),
            () => [.. current.Snapshot.Services.Keys.Order(StringComparer.Ordinal)],
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<AgentRoom>>()
        );
    }
}

/// <summary>What a machine has joined a front by, and how it is reached.</summary>
public sealed class JoinedMachine
{
    internal JoinedMachine(MachineIdentity identity, LineAddress address) => (Identity, Address) = (identity, address);

    /// <summary>As the front knows it.</summary>
    public string Name => Identity.Machine;

    internal MachineIdentity Identity { get; }

    internal LineAddress Address { get; }
}

/// <summary>Whether a machine can begin its work.</summary>
public abstract record AgentStart
{
    private AgentStart() { }

    /// <summary>It can.</summary>
    public sealed record Joined(JoinedMachine Machine) : AgentStart;

    /// <summary>It is set up wrongly.</summary>
    /// <param name="Reason">A part of a sentence.</param>
    public sealed record Refused(string Reason) : AgentStart;

    /// <summary>The front did not let it in.</summary>
    /// <param name="Reason">A part of a sentence.</param>
    public sealed record NotLetIn(string Reason) : AgentStart;
}
