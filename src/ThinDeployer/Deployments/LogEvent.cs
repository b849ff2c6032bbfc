namespace ThinDeployer.Deployments;

/// <summary>What a follower of a log meets next.</summary>
internal abstract record LogEvent
{
    private LogEvent() { }

    /// <param name="Bytes">Valid until the next event is asked for.</param>
    /// <param name="Place">Behind them.</param>
    internal sealed record Output(ReadOnlyMemory<byte> Bytes, LogPlace Place) : LogEvent;

    /// <summary>A step began or ended here.</summary>
    internal sealed record Step(StepResult Result, LogPlace Place) : LogEvent;

    /// <summary>Nothing came for a while.</summary>
    internal sealed record Silence : LogEvent;

    /// <summary>All has been read of a deployment that has ended.</summary>
    internal sealed record End(DeploymentEntry Entry) : LogEvent;

    /// <summary>The server ends before the deployment.</summary>
    internal sealed record Broken : LogEvent;
}
