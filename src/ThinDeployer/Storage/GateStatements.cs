using ThinDeployer.Deployments;

namespace ThinDeployer.Storage;

/// <summary>Saves what is decided before something begins.</summary>
#pragma warning disable CA1001 // The connection takes its statements with it.
internal sealed class GateStatements(RecordConnection connection)
#pragma warning restore CA1001
{
    private readonly Statement _decide = new(
        connection,
        "UPDATE deployments SET status = $status, gate = $gate WHERE id = $id AND status IN ('waiting', 'queued')",
        "$id",
        "$status",
        "$gate"
    );

    private readonly Statement _pause = new(
        connection,
        "INSERT OR REPLACE INTO pauses (service, content) VALUES ($service, $content)",
        "$service",
        "$content"
    );

    private readonly Statement _resume = new(connection, "DELETE FROM pauses WHERE service = $service", "$service");

    internal void Decide(DeploymentEntry entry)
    {
        var gate = entry.Gate is { } decided ? GateJson.Write(decided) : null;
        if (_decide.Run(entry.Id, entry.Status.Name(), gate) == 0)
        {
            throw new InvalidOperationException($"The record has no deployment {entry.Id} that waits.");
        }
    }

    /// <param name="service">A name, or <see cref="Deployments.Pause.All"/>.</param>
    /// <param name="pause">Null for one that goes on.</param>
    internal void Pause(string service, Pause? pause)
    {
        if (pause is null)
        {
            _resume.Run(service);
        }
        else
        {
            _pause.Run(service, GateJson.Write(pause));
        }
    }
}
