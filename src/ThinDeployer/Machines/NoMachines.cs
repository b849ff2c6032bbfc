using ThinDeployer.Deployments;

namespace ThinDeployer.Machines;

/// <summary>Where no transport is configured: a service that names machines can't be deployed.</summary>
internal sealed class NoMachines : IRollouts
{
    private NoMachines() { }

    internal static NoMachines Instance { get; } = new();

    public Task<RolloutEnd?> RunAsync(Deployment whole, CancellationToken stopping)
    {
        whole.Output.WriteLine(" # This server reaches no machines: start it with --broker");
        return Task.FromResult<RolloutEnd?>(new RolloutEnd(DeploymentStatus.Failed, [], []));
    }

    public Deployment? FindChild(string id) => null;

    public Task<CancelAnswer> CancelChildAsync(DeploymentEntry child, string by) =>
        Task.FromResult<CancelAnswer>(new CancelAnswer.Ended());

    public WaitReason.Batch? WhyWaits(string whole) => null;

    public Task<DecisionAnswer> DecideAsync(string whole, GateDecision decision, bool goesOn) =>
        Task.FromResult<DecisionAnswer>(new DecisionAnswer.NotWaiting());

    public string? NoteOf(DeploymentEntry child) => null;
}
