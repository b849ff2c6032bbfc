using ThinDeployer.Deployments;
using ThinDeployer.Rollouts;

namespace ThinDeployer.Storage;

/// <summary>Reads rollouts, and the deployments of their machines.</summary>
internal sealed class RolloutReader(RecordReader reader)
{
    internal RolloutState? Find(string id) =>
        reader.Read(connection =>
            connection
                .Compiled("SELECT content FROM rollouts WHERE deployment_id = $id", "$id")
                .Rows(row => RolloutJson.ReadRollout(row.Utf8(0)), id)
                .SingleOrDefault()
        );

    internal IReadOnlyList<DeploymentEntry> Children(string parent) =>
        reader.Read(connection =>
            connection
                .Compiled($"{ChildRow.SelectShort} WHERE parent = $parent ORDER BY number", "$parent")
                .Rows(ChildRow.Read, parent)
        );

    /// <summary>
    /// Goes back through the index of machines and services, from the newest of one to the newest of the one before, so that it
    /// costs the same however many are kept.
    /// </summary>
    internal IReadOnlyList<DeploymentEntry> Standing() =>
        reader.Read(connection =>
            connection
                .Compiled(
                    $"""
                    WITH RECURSIVE newest (number, machine, service) AS (
                        SELECT * FROM (
                            SELECT number, machine, service FROM children
                            ORDER BY machine DESC, service DESC, number DESC LIMIT 1
                        )
                        UNION ALL
                        SELECT before.number, before.machine, before.service
                        FROM newest JOIN children AS before ON before.number = (
                            SELECT number FROM children
                            WHERE (machine, service) < (newest.machine, newest.service)
                            ORDER BY machine DESC, service DESC, number DESC LIMIT 1
                        )
                    )
                    {ChildRow.SelectShort} WHERE number IN (
                        SELECT number FROM newest
                        UNION ALL
                        SELECT (
                            SELECT max(number) FROM children
                            WHERE machine = newest.machine AND service = newest.service AND status = 'succeeded'
                        ) FROM newest
                    )
                    """
                )
                .Rows(ChildRow.Read)
        );
}
