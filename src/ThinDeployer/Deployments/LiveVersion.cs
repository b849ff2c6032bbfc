namespace ThinDeployer.Deployments;

/// <summary>
/// Which version of a service is live. A version is what its first deployment brought; one that goes back to it brings no new
/// one, so going back twice goes further back, and never forth to what was left.
/// </summary>
internal static class LiveVersion
{
    /// <summary>The id of the deployment that brought the version first.</summary>
    internal static string Of(DeploymentEntry entry) => entry.Trigger.RollbackTo ?? entry.Id;

    /// <summary>Whether it has another version than what is live, and a good one.</summary>
    /// <param name="entry">May be live itself.</param>
    /// <param name="live">Null where nothing is.</param>
    internal static bool MayBeBroughtBack(this DeploymentEntry entry, DeploymentEntry? live) =>
        entry.Status is DeploymentStatus.Succeeded && live is not null && Of(entry) != Of(live);

    /// <summary>
    /// What was live when the version of now came first. What was deployed from the same commit with the same values is the
    /// same version once more, and passed over.
    /// </summary>
    /// <param name="successes">Of one service, newest first.</param>
    /// <returns>Null where nothing was, or nobody knows any more.</returns>
    internal static DeploymentEntry? Before(IEnumerable<DeploymentEntry> successes)
    {
        string? live = null;
        DeploymentEntry? first = null;
        foreach (var entry in successes)
        {
            live ??= Of(entry);
            if (first is not null && !IsSame(entry, first))
            {
                return entry;
            }

            first ??= entry.Id == live ? entry : null;
        }

        return null;
    }

    /// <summary>Where no commit is known, equal values prove nothing: most services deploy what a branch holds by then.</summary>
    private static bool IsSame(DeploymentEntry one, DeploymentEntry other) =>
        one.Trigger.Commit is { } commit
        && commit == other.Trigger.Commit
        && one.Values.Count == other.Values.Count
        && one.Values.All(value => other.Values.TryGetValue(value.Key, out var same) && same == value.Value);
}
