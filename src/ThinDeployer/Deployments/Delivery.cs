namespace ThinDeployer.Deployments;

/// <summary>
/// A request that was let in, as it is kept for an operator to look at: without its secrets, and with what was decided.
/// </summary>
internal sealed record Delivery
{
    internal required string Service { get; init; }

    /// <summary>Milliseconds are kept.</summary>
    internal required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>The IP address of who sent it; null where it is not known.</summary>
    internal string? Address { get; init; }

    internal required string Method { get; init; }

    /// <summary>As it was sent, without the question mark; secrets are masked.</summary>
    internal required string Query { get; init; }

    /// <summary>Those of an allow-list, in the order of their names.</summary>
    internal required IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; }

    /// <summary>The first part of the body as text; secrets are masked.</summary>
    internal required string Body { get; init; }

    /// <summary>Of the whole body.</summary>
    internal required long BodyBytes { get; init; }

    /// <summary>What the sender calls it; null where it says nothing.</summary>
    internal string? DeliveryId { get; init; }

    /// <summary>One word, such as <c>deployed</c>.</summary>
    internal required string Decision { get; init; }

    /// <summary>Why; null where there is nothing to say.</summary>
    internal string? Reason { get; init; }

    /// <summary>Rule by rule; empty where no rule was asked.</summary>
    internal IReadOnlyList<DeliveryCheck> Checks { get; init; } = [];

    /// <summary>Null where nothing was deployed.</summary>
    internal string? DeploymentId { get; init; }

    internal Delivery Decided(string decision, string? deploymentId) =>
        this with
        {
            Decision = decision,
            DeploymentId = deploymentId,
        };
}

/// <summary>What one rule said.</summary>
/// <param name="Path">Where the rule stands, such as <c>when.all[1]</c>.</param>
/// <param name="Rule">As text.</param>
/// <param name="Result">One word.</param>
/// <param name="Detail">What it saw; null for nothing.</param>
internal sealed record DeliveryCheck(string Path, string Rule, string Result, string? Detail);

/// <summary>What is saved together with the acceptance of a deployment.</summary>
/// <param name="Payload">The request's body, for the steps; empty for none.</param>
/// <param name="Delivery">Null where none is kept.</param>
/// <param name="KeepDeliveries">So many of the service stay.</param>
internal sealed record DeploymentOrigin(ReadOnlyMemory<byte> Payload, Delivery? Delivery, int KeepDeliveries)
{
    /// <summary>The due time that it is for; null unless a schedule asked for it.</summary>
    internal ScheduleMark? Due { get; init; }

    /// <summary>The link that it follows; null unless it follows one.</summary>
    internal ChainLink? Follows { get; init; }

    /// <summary>The order of a front that it obeys; null unless it does.</summary>
    internal OrderMark? Order { get; init; }

    internal static DeploymentOrigin None { get; } = new(Payload: default, Delivery: null, KeepDeliveries: 0);
}

/// <summary>How far a schedule has come: what was due until then never counts again.</summary>
/// <param name="Schedule">What tells it from others of the service.</param>
/// <param name="DueAt">Milliseconds are kept.</param>
internal sealed record ScheduleMark(string Service, string Schedule, DateTimeOffset DueAt);

/// <summary>What shall follow a deployment that has succeeded.</summary>
/// <param name="Number">The order.</param>
/// <param name="After">The id of that deployment.</param>
/// <param name="Service">To be deployed.</param>
internal sealed record ChainLink(long Number, string After, string Service);

/// <summary>An order of a front, with whose id the deployment is accepted: that is saved together, so it happens once.</summary>
/// <param name="Id">A UUID version 7.</param>
/// <param name="Expires">It can't come again later than that.</param>
internal sealed record OrderMark(string Id, DateTimeOffset Expires);
