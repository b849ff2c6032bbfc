namespace ThinDeployer.Deployments;

/// <summary>
/// How a deployment reaches other machines: what is asked of who knows them. Each machine has a deployment of its own, a
/// child of the whole, which no queue knows.
/// </summary>
internal interface IRollouts
{
    /// <summary>Deploys on all machines of a whole that begins, or goes on where the last run of the server left it.</summary>
    /// <param name="whole">On disk, as running.</param>
    /// <param name="stopping">Cancelled when the server ends; the machines go on.</param>
    /// <returns>Null where the server ends before.</returns>
    Task<RolloutEnd?> RunAsync(Deployment whole, CancellationToken stopping);

    /// <summary>The deployment of a machine that has not ended; null for any other.</summary>
    Deployment? FindChild(string id);

    /// <summary>Has one machine stopped, or keeps it from beginning.</summary>
    Task<CancelAnswer> CancelChildAsync(DeploymentEntry child, string by);

    /// <summary>What a rollout waits for that somebody must decide; null where nobody must.</summary>
    /// <param name="whole">The id.</param>
    WaitReason.Batch? WhyWaits(string whole);

    /// <summary>Lets the next batch begin, or ends the rollout before it.</summary>
    /// <param name="whole">The id.</param>
    /// <param name="decision">Who, and why.</param>
    /// <param name="goesOn">Whether it begins.</param>
    Task<DecisionAnswer> DecideAsync(string whole, GateDecision decision, bool goesOn);

    /// <summary>What there is to say of a machine's deployment that has not ended, such as that the machine is away.</summary>
    string? NoteOf(DeploymentEntry child);
}

/// <summary>How a rollout ended.</summary>
/// <param name="Succeeded">Names of machines.</param>
/// <param name="Failed">Names of machines, without those that were left out or did not begin.</param>
internal sealed record RolloutEnd(
    DeploymentStatus Status,
    IReadOnlyList<string> Succeeded,
    IReadOnlyList<string> Failed
);
