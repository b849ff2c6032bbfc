namespace ThinDeployer.Deployments;

/// <summary>What became of a request for a deployment.</summary>
internal abstract record QueueAnswer
{
    private QueueAnswer() { }

    /// <summary>The deployment that it tells of; null where it tells of none.</summary>
    internal string? DeploymentId =>
        this switch
        {
            Accepted(var deployment) => deployment.Id,
            Repeated(var id, _) => id,
            Busy(var id) => id,
            _ => null,
        };

    /// <summary>What the record and the log call it; null for one that was accepted, which is kept with its acceptance.</summary>
    internal string? Decision =>
        this switch
        {
            Repeated => "repeated",
            Busy => "busy",
            Full => "queue_full",
            Outside => "closed",
            Paused => "paused",
            _ => null,
        };

    /// <summary>It is on disk.</summary>
    internal sealed record Accepted(Deployment Deployment) : QueueAnswer;

    /// <summary>The same delivery came before, and what it started waits, runs or succeeded.</summary>
    /// <param name="Id">Of that deployment.</param>
    /// <param name="Live">Null for one that has ended.</param>
    internal sealed record Repeated(string Id, Deployment? Live) : QueueAnswer;

    /// <summary>The service's policy refuses while this one runs.</summary>
    internal sealed record Busy(string RunningId) : QueueAnswer;

    /// <summary>As many of this service wait as may.</summary>
    internal sealed record Full : QueueAnswer;

    /// <summary>It is outside of the windows of the service.</summary>
    /// <param name="OpensAt">Null for never, as far as can be seen.</param>
    internal sealed record Outside(DateTimeOffset? OpensAt) : QueueAnswer;

    /// <summary>The service is paused, and takes nothing.</summary>
    internal sealed record Paused(Pause Pause) : QueueAnswer;

    /// <summary>Nothing is taken in now.</summary>
    /// <param name="Reason">A sentence.</param>
    internal sealed record Closed(string Reason) : QueueAnswer;

    /// <summary>It could not be saved, so it did not happen.</summary>
    internal sealed record NotSaved(string Reason) : QueueAnswer;
}

/// <summary>What became of the wish to cancel a deployment.</summary>
internal abstract record CancelAnswer
{
    private CancelAnswer() { }

    /// <summary>It is being stopped, or has left the queue.</summary>
    internal sealed record Cancelling : CancelAnswer;

    /// <summary>There is nothing to cancel any more.</summary>
    internal sealed record Ended : CancelAnswer;

    /// <summary>It could not be saved, so it still waits.</summary>
    internal sealed record NotSaved(string Reason) : CancelAnswer;
}
