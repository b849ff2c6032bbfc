using ThinDeployer.Outbox;

namespace ThinDeployer.Storage;

/// <summary>What is told of a change, saved with it, and handed to who sends it as soon as it is saved.</summary>
/// <param name="outbox">Null where nobody is told anything.</param>
/// <param name="items">In order.</param>
/// <param name="recovered">The service whose failures end by the change; null where it ends none.</param>
internal sealed class ToldChange(OutboxSender? outbox, IReadOnlyList<OutboxItem> items, string? recovered)
{
    private int _dropped;
    private bool _released;

    /// <summary>Within the transaction, and again within another one if that fails.</summary>
    internal void Save(WriteStatements statements)
    {
        if (recovered is not null && statements.Outbox.EndFailures(recovered))
        {
            _released = true;
        }

        _dropped = statements.Outbox.Add(items);
    }

    internal Task AfterAsync(Task saving) =>
        outbox is null || (items.Count == 0 && recovered is null) ? saving : SavedAsync(saving);

    internal void Saved()
    {
        if (items.Count > 0 || _released)
        {
            outbox!.Saved(items, _dropped);
        }
    }

    private async Task SavedAsync(Task saving)
    {
        await saving;
        Saved();
    }
}
