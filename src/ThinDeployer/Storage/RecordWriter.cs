using System.Threading.Channels;
using Microsoft.Data.Sqlite;
using ThinDeployer.Deployments;

namespace ThinDeployer.Storage;

/// <summary>
/// The one task that writes. What waits at the same moment is saved in one transaction, since the sync to the disk at
/// its end is what takes the time.
/// </summary>
internal sealed class RecordWriter : IAsyncDisposable
{
    /// <summary>Requests in one transaction.</summary>
    internal const int MaximumGroup = 500;

    /// <summary>Requests that wait; who comes later waits for room.</summary>
    private const int MaximumWaiting = 5_000;

    private readonly Channel<WriteRequest> _waiting = Channel.CreateBounded<WriteRequest>(
        new BoundedChannelOptions(MaximumWaiting) { SingleReader = true }
    );

    private readonly RecordFile _file;
    private readonly StoredLogs _logs;
    private readonly Action<string?> _troubled;
    private readonly Action<SqliteConnection>? _beforeGroup;
    private readonly Task _writing;

    /// <summary>Null before the first group, and after a fault: the next group then starts from a fresh connection.</summary>
    private WriteStatements? _statements;
    private long _commits;

    /// <param name="troubled">Told after each try why it failed, or null when it did not.</param>
    /// <param name="beforeGroup">Lets tests make the connection fail, or hold the writer up.</param>
    internal RecordWriter(
        RecordFile file,
        StoredLogs logs,
        Action<string?> troubled,
        Action<SqliteConnection>? beforeGroup
    )
    {
        _file = file;
        _logs = logs;
        _troubled = troubled;
        _beforeGroup = beforeGroup;
        _writing = Task.Run(WriteAsync);
    }

    /// <summary>Transactions committed so far.</summary>
    internal long Commits => Interlocked.Read(ref _commits);

    internal async Task SaveAsync(Func<WriteStatements, IReadOnlyList<string>> write)
    {
        var request = new WriteRequest(write);
        try
        {
            await _waiting.Writer.WriteAsync(request);
        }
        catch (ChannelClosedException closed)
        {
            throw new RecordUnavailableException("The record is closed, because the server is shutting down.", closed);
        }

        await request.Saved;
    }

    /// <summary>Saves what waits, and lets go of the file.</summary>
    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        await _writing;
    }

    private async Task WriteAsync()
    {
        while (await _waiting.Reader.WaitToReadAsync())
        {
            Save(NextGroup());
        }

        _logs.RemoveSiblings();
        Abandon();
    }

    private List<WriteRequest> NextGroup()
    {
        var group = new List<WriteRequest>();
        while (group.Count < MaximumGroup && _waiting.Reader.TryRead(out var request))
        {
            group.Add(request);
        }

        return group;
    }

    private void Save(List<WriteRequest> group)
    {
        List<string> forgotten;
        try
        {
            forgotten = Commit(group);
        }
#pragma warning disable CA1031 // Whatever went wrong is told to those who wait for it; the writer goes on.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            Abandon();
            SaveOneByOne(group, fault);
            return;
        }

        _troubled(null);
        foreach (var request in group)
        {
            request.Succeed();
        }

        _logs.Remove(forgotten);
    }

    private List<string> Commit(List<WriteRequest> group)
    {
        _statements ??= new WriteStatements(_file.OpenToWrite());
        _beforeGroup?.Invoke(_statements.Connection);
        _statements.Begin();
        var forgotten = new List<string>();
        foreach (var request in group)
        {
            forgotten.AddRange(request.Write(_statements));
        }

        _statements.Commit();
        Interlocked.Increment(ref _commits);
        return forgotten;
    }

    /// <summary>Which of them was at fault is not known, and a smaller one may fit where a larger one did not.</summary>
    private void SaveOneByOne(List<WriteRequest> group, Exception fault)
    {
        if (group.Count > 1 && !SqliteFault.IsBusy(fault))
        {
            group.ForEach(request => Save([request]));
        }
        else
        {
            Fail(group, fault);
        }
    }

    private void Fail(List<WriteRequest> group, Exception fault)
    {
        var told = fault;
        if (SqliteFault.ReasonNotToSave(fault) is { } reason)
        {
            told = new RecordUnavailableException($"The record can't be written: {reason}.", fault);
            _troubled(told.Message);
        }

        group.ForEach(request => request.Fail(told));
    }

    /// <summary>A connection that met a fault may be within a transaction, or out of it; a new one is in none.</summary>
    private void Abandon()
    {
        _statements?.Dispose();
        _statements = null;
    }
}
