using ThinDeployer.Deployments;

namespace ThinDeployer.Storage;

/// <summary>Writes what shall follow a deployment, and what did.</summary>
#pragma warning disable CA1001 // The connection takes its statements with it.
internal sealed class ChainStatements(RecordConnection connection)
#pragma warning restore CA1001
{
    private readonly Statement _add = new(
        connection,
        "INSERT INTO due_links (after, service) VALUES ($after, $service)",
        "$after",
        "$service"
    );

    private readonly Statement _drop = new(connection, "DELETE FROM due_links WHERE number = $number", "$number");

    /// <summary>At the end of the list (https://sqlite.org/json1.html#jins).</summary>
    private readonly Statement _note = new(
        connection,
        """
        UPDATE deployments SET chain = json_insert(
            coalesce(chain, '[]'), '$[#]', json_object('service', $service, 'id', $id)
        ) WHERE id = $after
        """,
        "$after",
        "$service",
        "$id"
    );

    /// <summary>With the end that they follow.</summary>
    internal void Add(DeploymentEntry ended)
    {
        foreach (var service in ended.Follows)
        {
            _add.Run(ended.Id, service);
        }
    }

    internal void Drop(ChainLink link) => _drop.Run(link.Number);

    /// <summary>With the acceptance that it becomes.</summary>
    /// <exception cref="InvalidOperationException">It was taken up before.</exception>
    internal void Follow(ChainLink link, string id)
    {
        if (_drop.Run(link.Number) == 0)
        {
            throw new InvalidOperationException($"Deployment {link.After} was followed by {link.Service} before.");
        }

        _note.Run(link.After, link.Service, id);
    }
}
