using ThinDeployer.Deployments;
using ThinDeployer.Output;

namespace ThinDeployer.Outbox;

/// <summary>
/// What waits, on disk. It comes there in the transaction that saves what it tells of. Saving fails with
/// <see cref="RecordUnavailableException"/>, as all of the record does.
/// </summary>
internal interface IOutboxRecord
{
    /// <summary>Keys of all targets for which something waits.</summary>
    IReadOnlyList<string> Targets();

    /// <summary>The first of a target whose time has come; else the one whose time comes first. Null where none waits.</summary>
    OutboxItem? First(string target, DateTimeOffset now);

    /// <summary>What waits, in order.</summary>
    /// <param name="services">Null for that of all services.</param>
    /// <param name="limit">At most so many.</param>
    IReadOnlyList<OutboxItem> Waiting(IReadOnlyCollection<string>? services, int limit);

    /// <summary>Why something never reached its target, the newest of each, until something does. The oldest first.</summary>
    IReadOnlyList<OutboxTrouble> Troubles();

    /// <summary>It has reached somebody.</summary>
    /// <param name="item">Which; that it is gone already does not matter.</param>
    /// <param name="at">When.</param>
    Task TakeAsync(OutboxItem item, DateTimeOffset at);

    /// <summary>It never will.</summary>
    /// <param name="item">Which; that it is gone already does not matter.</param>
    /// <param name="trouble">Why.</param>
    Task GiveUpAsync(OutboxItem item, OutboxTrouble trouble);

    /// <summary>Saves that a try was in vain.</summary>
    /// <param name="item">With <see cref="OutboxItem.Attempts"/>, <see cref="OutboxItem.NextAt"/> and <see cref="OutboxItem.Trouble"/>.</param>
    Task PutOffAsync(OutboxItem item);
}

/// <summary>Who has something to tell of a deployment, and is heard before the change is saved.</summary>
internal interface IOutboxFeed
{
    IReadOnlyList<OutboxItem> ItemsOf(ChangedDeployment changed);
}

/// <summary>What is about to be saved of a deployment.</summary>
/// <param name="Entry">As it is saved.</param>
/// <param name="Change">What is new.</param>
/// <param name="Before">How the service was deployed last before this; null where it was not.</param>
/// <param name="Output">All of its output, once it has ended.</param>
internal sealed record ChangedDeployment(
    DeploymentEntry Entry,
    DeploymentChange Change,
    Func<LastEnd?> Before,
    Func<OutputContent> Output
);

internal enum DeploymentChange
{
    Accepted,
    Started,
    Ended,
}
