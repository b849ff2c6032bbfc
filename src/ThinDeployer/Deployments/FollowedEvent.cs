using ThinDeployer.Output;

namespace ThinDeployer.Deployments;

/// <summary>What a follower of an output meets next.</summary>
internal abstract record FollowedEvent
{
    private FollowedEvent() { }

    /// <param name="Bytes">Valid until the next event is asked for.</param>
    /// <param name="Place">Behind them.</param>
    internal sealed record Piece(ReadOnlyMemory<byte> Bytes, OutputPlace Place) : FollowedEvent;

    /// <summary>A step began or ended here.</summary>
    internal sealed record Step(StepResult Result, OutputPlace Place) : FollowedEvent;

    /// <summary>Nothing came for a while.</summary>
    internal sealed record Silence : FollowedEvent;

    /// <summary>All has been read of a deployment that has ended.</summary>
    internal sealed record End(DeploymentEntry Entry) : FollowedEvent;

    /// <summary>The server ends before the deployment.</summary>
    internal sealed record Broken : FollowedEvent;
}
