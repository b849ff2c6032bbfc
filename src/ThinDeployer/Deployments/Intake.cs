using ThinDeployer.Security;

namespace ThinDeployer.Deployments;

/// <summary>
/// The one way in: an admission and a call become an accepted deployment, or a refusal. It knows nothing of HTTP, so whoever
/// has an admission can bring a deployment.
/// </summary>
internal sealed class Intake(EngineRoom room)
{
    /// <summary>Asks for a deployment.</summary>
    /// <param name="admission">To its service.</param>
    /// <param name="plan">What it does.</param>
    /// <param name="call">What is asked.</param>
    internal Task<QueueAnswer> TakeAsync(Admission admission, DeploymentPlan plan, DeploymentCall call) =>
        WhyClosed is { } why
            ? Task.FromResult<QueueAnswer>(new QueueAnswer.Closed(why))
            : room.Open!.Queue.EnqueueAsync(admission, plan, call);

    /// <summary>Keeps a request that deploys nothing. Where that can't be, nothing is lost but the picture.</summary>
    /// <param name="delivery">Null where none is kept.</param>
    /// <param name="plan">Of its service.</param>
    internal async Task KeepAsync(Delivery? delivery, DeploymentPlan plan)
    {
        if (delivery is null || room.Open is not { } open)
        {
            return;
        }

        try
        {
            await open.Record.KeepDeliveryAsync(delivery, plan.KeepDeliveries);
        }
        catch (RecordUnavailableException)
        {
            // The record says so itself, and no answer depends on it.
        }
    }

    /// <summary>A sentence; null while it is open.</summary>
    private string? WhyClosed =>
        room.Open is not { } open ? room.WhyClosed
        : open.Record.Outputs.Trouble() is not null ? "The output of a deployment can't be stored; the log tells more"
        : null;
}
