using ThinDeployer.Deployments;

namespace ThinDeployer.Machines;

/// <summary>
/// Where no transport is configured: a service that names machines can't be deployed. What had begun waits, so that a switch
/// that was forgotten ends no rollout; who cancels it gives up what its machines still do.
/// </summary>
/// <param name="record">Where rollouts are kept.</param>
/// <param name="time">The clock.</param>
internal sealed class NoMachines(IDeploymentRecord record, TimeProvider time) : IRollouts
{
    private const string Reason = "this server reaches no machines: start it with --broker";

    public async Task<RolloutEnd?> RunAsync(Deployment whole, CancellationToken stopping)
    {
        whole.Output.WriteLine($" # {Reason}");
        if (record.FindRollout(whole.Id) is null)
        {
            return new RolloutEnd(DeploymentStatus.Failed, [], []);
        }

        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stopping, whole.Cancelled);
        await Task.Delay(Timeout.InfiniteTimeSpan, time, ending.Token)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return whole.IsCancelled && await EndChildrenAsync(whole, stopping)
            ? new RolloutEnd(DeploymentStatus.Cancelled, [], [])
            : null;
    }

    /// <returns>False where the server ends before.</returns>
    private async Task<bool> EndChildrenAsync(Deployment whole, CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                foreach (var entry in record.Children(whole.Id).Where(child => !child.Status.IsEnd()))
                {
                    // All of its lines that are here are in the output of the whole.
                    var child = await RolloutChild.OpenAsync(entry, whole, "", long.MaxValue, record, time);
                    await child.EndAsync(
                        entry.Status is DeploymentStatus.Waiting
                            ? DeploymentStatus.Cancelled
                            : DeploymentStatus.Interrupted,
                        Reason,
                        by: whole.CancelledBy
                    );
                }

                return true;
            }
            catch (RecordUnavailableException)
            {
                // The record says so itself.
                await Task.Delay(RolloutRunner.TryAgain, time, stopping)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        return false;
    }

    public Deployment? FindChild(string id) => null;

    public Task<CancelAnswer> CancelChildAsync(DeploymentEntry child, string by) =>
        Task.FromResult<CancelAnswer>(new CancelAnswer.Ended());

    public WaitReason.Batch? WhyWaits(string whole) => null;

    public Task<DecisionAnswer> DecideAsync(string whole, GateDecision decision, bool goesOn) =>
        Task.FromResult<DecisionAnswer>(new DecisionAnswer.NotWaiting());

    public string? NoteOf(DeploymentEntry child) => child.Status.IsEnd() ? null : Reason;
}
