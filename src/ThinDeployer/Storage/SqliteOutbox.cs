using ThinDeployer.Outbox;

namespace ThinDeployer.Storage;

/// <summary>What waits for somebody, in the same file as what it tells of.</summary>
internal sealed class SqliteOutbox(OutboxReader reader, RecordWriter writer) : IOutboxRecord
{
    public IReadOnlyList<string> Targets() => reader.Targets();

    public OutboxItem? First(string target, DateTimeOffset now) => reader.First(target, now);

    public IReadOnlyList<OutboxItem> Waiting(IReadOnlyCollection<string>? services, int limit) =>
        reader.Waiting(services, limit);

    public IReadOnlyList<OutboxTrouble> Troubles() => reader.Troubles();

    public Task TakeAsync(OutboxItem item, DateTimeOffset at) => SaveAsync(statements => statements.Take(item, at));

    public Task GiveUpAsync(OutboxItem item, OutboxTrouble trouble) =>
        SaveAsync(statements => statements.GiveUp(item, trouble));

    public Task PutOffAsync(OutboxItem item) => SaveAsync(statements => statements.PutOff(item));

    private Task SaveAsync(Action<OutboxStatements> write) =>
        writer.SaveAsync(statements => write(statements.Outbox), isOfWhatRuns: false);
}
