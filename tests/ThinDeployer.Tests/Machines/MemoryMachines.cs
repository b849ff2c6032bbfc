using System.Collections.Concurrent;
using ThinDeployer.Deployments;
using ThinDeployer.Machines;

namespace ThinDeployer.Tests.Machines;

/// <summary>Machines that are kept in memory, and each save of one.</summary>
internal sealed class MemoryMachines : IMachineRecord
{
    private readonly ConcurrentDictionary<string, MachineEntry> _machines = new(StringComparer.Ordinal);

    internal ConcurrentQueue<MachineEntry> Saves { get; } = [];

    internal bool IsBroken { get; set; }

    public IReadOnlyList<MachineEntry> All() =>
        [.. _machines.Values.OrderBy(machine => machine.Name, StringComparer.Ordinal)];

    public async Task SaveAsync(MachineEntry machine)
    {
        await Task.Yield();
        ThrowIfBroken();
        _machines[machine.Name] = machine;
        Saves.Enqueue(machine);
    }

    public async Task RemoveAsync(string name)
    {
        await Task.Yield();
        ThrowIfBroken();
        _machines.TryRemove(name, out _);
    }

    private void ThrowIfBroken()
    {
        if (IsBroken)
        {
            throw new RecordUnavailableException("The disk is full");
        }
    }
}
