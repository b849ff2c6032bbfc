using ThinDeployer.Machines;

namespace ThinDeployer.Storage;

/// <summary>Writes the machines of a front.</summary>
#pragma warning disable CA1001 // The connection takes its statements with it.
internal sealed class MachineStatements(RecordConnection connection)
#pragma warning restore CA1001
{
    private readonly Statement _save = new(
        connection,
        """
        INSERT OR REPLACE INTO machines (
            name, added_at, shared_secret, joined_at, last_seen_at, version, join_secret, front_key, join_until
        ) VALUES ($name, $added, $shared, $joined, $seen, $version, $secret, $key, $until)
        """,
        "$name",
        "$added",
        "$shared",
        "$joined",
        "$seen",
        "$version",
        "$secret",
        "$key",
        "$until"
    );

    private readonly Statement _remove = new(connection, "DELETE FROM machines WHERE name = $name", "$name");

    internal void Save(MachineEntry machine) =>
        _save.Run(
            machine.Name,
            machine.AddedAt.ToUnixTimeMilliseconds(),
            machine.SharedSecret,
            machine.JoinedAt?.ToUnixTimeMilliseconds(),
            machine.LastSeenAt?.ToUnixTimeMilliseconds(),
            machine.Version,
            machine.Pending?.Secret,
            machine.Pending?.FrontKey,
            machine.Pending?.Until.ToUnixTimeMilliseconds()
        );

    internal void Remove(string name) => _remove.Run(name);
}
