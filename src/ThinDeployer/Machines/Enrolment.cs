namespace ThinDeployer.Machines;

/// <summary>Lets machines in and turns them out, here and at the transport alike.</summary>
/// <param name="line">Null where there is no transport.</param>
/// <param name="registry">Null until the record is open.</param>
internal sealed class Enrolment(IFrontLine? line, Func<MachineRegistry?> registry)
{
    /// <summary>Whether this server orders machines about.</summary>
    internal bool IsOn => line is not null;

    /// <summary>Why nothing reaches a machine now; null while something does.</summary>
    internal string? Trouble => line?.Trouble;

    /// <summary>Null until the record is open.</summary>
    internal MachineRegistry? Registry => registry();

    /// <summary>
    /// Adds a machine, with what it needs at the transport. Where that fails, the machine is there without it, and adding it
    /// again makes all of it.
    /// </summary>
    /// <param name="name">A valid one.</param>
    /// <param name="stop">Ends the waiting.</param>
    /// <exception cref="LineDownException">The transport can't be used now.</exception>
    /// <exception cref="ThinDeployer.Deployments.RecordUnavailableException">It can't be saved.</exception>
    internal async Task<AddAnswer> AddAsync(string name, CancellationToken stop)
    {
        var answer = await Registry!.AddAsync(name, line!.Address);
        if (answer is AddAnswer.Added(var code))
        {
            await line.AddMachineAsync(name, code.FirstPassword, stop);
        }

        return answer;
    }

    /// <summary>
    /// Removes a machine, first at the transport: where that fails it is still there, and can be removed again.
    /// </summary>
    /// <returns>False where there is none of this name.</returns>
    /// <exception cref="LineDownException">The transport can't be used now.</exception>
    /// <exception cref="ThinDeployer.Deployments.RecordUnavailableException">It can't be saved.</exception>
    internal async Task<bool> RemoveAsync(string name, CancellationToken stop)
    {
        if (Registry!.Find(name) is null)
        {
            return false;
        }

        await line!.RemoveMachineAsync(name, stop);
        return await Registry.RemoveAsync(name);
    }
}
