using ThinDeployer.Deployments;

namespace ThinDeployer.Storage;

/// <summary>What the connection that writes does about requests: their ids, their bodies, and what is kept to look at.</summary>
#pragma warning disable CA1001 // The connection takes its statements with it.
internal sealed class DeliveryStatements(RecordConnection connection)
#pragma warning restore CA1001
{
    /// <summary>Of one service; the oldest are forgotten.</summary>
    internal const int RememberedIds = 1_000;

    /// <summary>Bytes of a body that is kept after the end, to run the deployment again.</summary>
    internal const int KeptPayload = 1024 * 1024;

    private readonly Statement _remember = new(
        connection,
        """
        INSERT OR REPLACE INTO delivery_ids (service, delivery_id, deployment_id, accepted_at, sequence)
        VALUES ($service, $delivery, $deployment, $at, $sequence)
        """,
        "$service",
        "$delivery",
        "$deployment",
        "$at",
        "$sequence"
    );

    private readonly Statement _forgetOldIds = new(
        connection,
        """
        DELETE FROM delivery_ids WHERE service = $service AND sequence <= (
            SELECT sequence FROM delivery_ids WHERE service = $service ORDER BY sequence DESC LIMIT 1 OFFSET $keep
        )
        """,
        "$service",
        "$keep"
    );

    private readonly Statement _forgetId = new(connection, "DELETE FROM delivery_ids WHERE deployment_id = $id", "$id");

    /// <summary>Bytes that SQLite is given at a time; it copies them twice, and keeps one copy until it is given others.</summary>
    internal const int PayloadPart = 256 * 1024;

    private readonly Statement _savePart = new(
        connection,
        "INSERT INTO payload_parts (deployment_id, part, body) VALUES ($id, $part, $body)",
        "$id",
        "$part",
        "$body"
    );

    private readonly Statement _dropPayload = new(
        connection,
        "DELETE FROM payload_parts WHERE deployment_id = $id",
        "$id"
    );

    private readonly Statement _keep = new(
        connection,
        """
        INSERT INTO deliveries (service, number, content) VALUES (
            $service, 1 + coalesce((SELECT max(number) FROM deliveries WHERE service = $service), 0), $content
        )
        """,
        "$service",
        "$content"
    );

    private readonly Statement _forget = new(
        connection,
        """
        DELETE FROM deliveries WHERE service = $service
            AND number <= (SELECT max(number) FROM deliveries WHERE service = $service) - $keep
        """,
        "$service",
        "$keep"
    );

    internal void Accept(DeploymentEntry entry, DeploymentOrigin origin)
    {
        if (entry.Trigger.DeliveryId is { } delivery)
        {
            _remember.Run(entry.Service, delivery, entry.Id, entry.AcceptedAt.ToUnixTimeMilliseconds(), entry.Sequence);
            _forgetOldIds.Run(entry.Service, RememberedIds);
        }

        SavePayload(entry.Id, origin.Payload);
        if (origin.Delivery is { } kept)
        {
            Keep(kept, origin.KeepDeliveries);
        }
    }

    private void SavePayload(string id, ReadOnlyMemory<byte> left)
    {
        var part = Array.Empty<byte>();
        for (var number = 0; !left.IsEmpty; number++)
        {
            var length = Math.Min(left.Length, PayloadPart);
            part = part.Length == length ? part : new byte[length];
            left[..length].CopyTo(part);
            _savePart.Run(id, number, part);
            left = left[length..];
        }
    }

    /// <summary>A delivery whose deployment did not succeed may come again.</summary>
    internal void End(DeploymentEntry entry)
    {
        if (entry.Trigger.DeliveryId is not null && entry.Status is not DeploymentStatus.Succeeded)
        {
            _forgetId.Run(entry.Id);
        }

        if (entry.Trigger.PayloadBytes > KeptPayload)
        {
            _dropPayload.Run(entry.Id);
        }
    }

    internal void Supersede(string id) => _forgetId.Run(id);

    internal void Keep(Delivery delivery, int keep)
    {
        if (keep > 0)
        {
            _keep.Run(delivery.Service, DeliveryColumn.Write(delivery));
            _forget.Run(delivery.Service, keep);
        }
    }
}
