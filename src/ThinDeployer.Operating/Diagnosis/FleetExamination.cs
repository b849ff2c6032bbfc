using ThinDeployer.Configuration;
using ThinDeployer.Deployments;
using ThinDeployer.Machines;
using ThinDeployer.Storage;
using ThinDeployer.Yaml;

namespace ThinDeployer.Operating.Diagnosis;

/// <summary>Looks at the way to the machines of a front, or from one of them to its front. It takes nothing from it.</summary>
internal static class FleetExamination
{
    private const string Broker = "broker";
    private const string Machines = "machines";
    private const string Anew = "join anew: machines add, agent --join";

    internal static async Task<IReadOnlyList<Finding>> RunAsync(
        ServerSettings settings,
        IReadOnlyList<ServiceConfiguration> services,
        Transports transports
    )
    {
        if (settings.Configuration.IsAgent)
        {
            return [await AgentAsync(settings, transports.OfMachine)];
        }

        var rolledOut = services.Where(service => service.Plan.Rollout is not null).ToList();
        if (settings.Machines.Broker is not { } address)
        {
            return
            [
                .. rolledOut.Select(service =>
                    Finding.Bad(
                        $"{service.Name}: {Machines}",
                        "no broker leads to them",
                        "start the server with --broker, as docs/machines.md says"
                    )
                ),
            ];
        }

        var way = await TestedAsync(
            () =>
                transports.OfFront.TestAsync(
                    new LineAddress(address, settings.Machines.AuthorityFile),
                    CancellationToken.None
                ),
            "its login may do what a front must"
        );
        return [way, .. await JoinedAsync(settings.Engine.DataFolder, rolledOut)];
    }

    private static async Task<Finding> AgentAsync(ServerSettings settings, AgentTransport transport)
    {
        try
        {
            var identity = MachineFile.Read(Path.Join(settings.Engine.DataFolder, MachineFile.Name));
            return identity is null
                ? Finding.Bad(Broker, "this machine has joined no front", Anew)
                : await TestedAsync(
                    () =>
                        transport.TestAsync(
                            identity.Address(settings.Machines.Broker, settings.Machines.AuthorityFile),
                            CancellationToken.None
                        ),
                    $"this machine is let in as {identity.Machine}"
                );
        }
        catch (StorageException fault)
        {
            return Finding.Bad(Broker, fault.Message.TrimEnd('.'), $"ask as the agent's user, or {Anew}");
        }
    }

    private static async Task<Finding> TestedAsync(Func<Task> testAsync, string good)
    {
        try
        {
            await testAsync();
            return Finding.Good(Broker, good);
        }
        catch (Exception fault) when (fault is FormatException or LineDownException)
        {
            return Finding.Bad(Broker, fault.Message, "orders and reports wait until it is mended");
        }
    }

    private static async Task<IReadOnlyList<Finding>> JoinedAsync(
        string dataFolder,
        IReadOnlyList<ServiceConfiguration> services
    )
    {
        try
        {
            var machines = await RecordReader.LookAsync(dataFolder, SqliteMachines.AllOf) ?? [];
            return Findings([.. machines.Where(one => one.JoinedAt is not null).Select(one => one.Name)], services);
        }
        catch (RecordUnavailableException fault)
        {
            return [Finding.Doubtful(Machines, fault.Message.TrimEnd('.'), "ask as the server's user")];
        }
        catch (StorageException)
        {
            // Another finding says so.
            return [];
        }
    }

    private static List<Finding> Findings(HashSet<string> joined, IReadOnlyList<ServiceConfiguration> services) =>
        [
            Finding.Good(Machines, $"{Counted.Of(joined.Count, "machine")} joined: machines list says how they are"),
            .. services
                .SelectMany(service => (service.Plan.Rollout!.Machines ?? []).Select(name => (service, name)))
                .Where(one => !joined.Contains(one.name))
                .Select(one =>
                    Finding.Bad(
                        $"{one.service.Name}: {Machines}",
                        $"{one.name} has not joined, and fails in each rollout",
                        $"thin-deployer machines add {one.name}, or take it out"
                    )
                ),
        ];
}

/// <summary>How machines are reached, by role.</summary>
/// <param name="OfFront">From a front to its machines.</param>
/// <param name="OfMachine">From a machine to its front.</param>
public sealed record Transports(FrontTransport OfFront, AgentTransport OfMachine);
