using Microsoft.Data.Sqlite;
using ThinDeployer.Deployments;

namespace ThinDeployer.Storage;

/// <summary>
/// Writes one transaction after the other. What waits at the same moment is saved in one, since the sync to the disk at
/// its end is what takes the time. Who comes while nobody writes does so itself: with another thread in between, a
/// single deployment would wait for that as long as for the disk.
/// </summary>
internal sealed class RecordWriter : IAsyncDisposable
{
    /// <summary>Requests in one transaction.</summary>
    internal const int MaximumGroup = 500;

    private readonly Lock _lock = new();
    private readonly Queue<WriteRequest> _waiting = new();
    private readonly RecordFile _file;
    private readonly StoredOutputs _logs;
    private readonly Action<string?> _troubled;
    private readonly Func<bool> _makeRoom;
    private readonly Action<SqliteConnection>? _beforeGroup;
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private bool _isWriting;
    private bool _isClosing;

    /// <summary>Null before the first group, and after a fault: the next group then starts from a fresh connection.</summary>
    private WriteStatements? _statements;
    private long _commits;

    /// <summary>When the group that is being saved was begun; 0 where there is none.</summary>
    private long _begun;

    /// <param name="troubled">Told after each try why it failed, or null when it did not.</param>
    /// <param name="makeRoom">Asked when the disk is full; false where there is nothing to give back.</param>
    /// <param name="beforeGroup">Lets tests make the connection fail, or hold the writer up.</param>
    internal RecordWriter(
        RecordFile file,
        StoredOutputs logs,
        Action<string?> troubled,
        Func<bool> makeRoom,
        Action<SqliteConnection>? beforeGroup
    )
    {
        _file = file;
        _logs = logs;
        _troubled = troubled;
        _makeRoom = makeRoom;
        _beforeGroup = beforeGroup;
    }

    /// <summary>Transactions committed so far.</summary>
    internal long Commits => Interlocked.Read(ref _commits);

    /// <summary>How long the group that is being saved has taken so far; zero where there is none.</summary>
    internal TimeSpan Writing =>
        Interlocked.Read(ref _begun) is var begun and > 0 ? TimeProvider.System.GetElapsedTime(begun) : TimeSpan.Zero;

    /// <param name="write">Runs within a transaction, as <see cref="WriteRequest"/> says.</param>
    /// <param name="mayBlock">Whether the caller's thread may wait for the disk.</param>
    /// <param name="isOfWhatRuns">Whether it is to be saved even if the disk is full.</param>
    internal Task SaveAsync(Func<WriteStatements, IReadOnlyList<string>> write, bool mayBlock, bool isOfWhatRuns = true)
    {
        var request = new WriteRequest(write) { IsOfWhatRuns = isOfWhatRuns };
        lock (_lock)
        {
            if (_isClosing)
            {
                request.Fail(RecordUnavailableException.Closed());
                return request.Saved;
            }

            _waiting.Enqueue(request);
            if (_isWriting)
            {
                return request.Saved;
            }

            _isWriting = true;
        }

        if (mayBlock)
        {
            WriteGroup();
        }
        else
        {
            WriteElsewhere();
        }

        return request.Saved;
    }

    /// <summary>As above, of what forgets no deployment.</summary>
    internal Task SaveAsync(Action<WriteStatements> write, bool mayBlock = true, bool isOfWhatRuns = true) =>
        SaveAsync(
            statements =>
            {
                write(statements);
                return [];
            },
            mayBlock,
            isOfWhatRuns
        );

    /// <summary>Saves what waits, and lets go of the file.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            _isClosing = true;
            if (!_isWriting)
            {
                _closed.TrySetResult();
            }
        }

        await _closed.Task;
        _logs.RemoveSiblings();
        Abandon();
    }

    private void WriteElsewhere() =>
        ThreadPool.UnsafeQueueUserWorkItem(static writer => writer.WriteGroup(), this, preferLocal: false);

    /// <summary>One only: who has come meanwhile is not this thread's to wait for.</summary>
    private void WriteGroup()
    {
        Interlocked.Exchange(ref _begun, TimeProvider.System.GetTimestamp());
        Save(NextGroup());
        Interlocked.Exchange(ref _begun, 0);
        lock (_lock)
        {
            if (_waiting.Count == 0)
            {
                _isWriting = false;
                if (_isClosing)
                {
                    _closed.TrySetResult();
                }

                return;
            }
        }

        WriteElsewhere();
    }

    private List<WriteRequest> NextGroup()
    {
        lock (_lock)
        {
            var group = new List<WriteRequest>(Math.Min(_waiting.Count, MaximumGroup));
            while (group.Count < MaximumGroup && _waiting.TryDequeue(out var request))
            {
                group.Add(request);
            }

            return group;
        }
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
            if (group is [{ IsOfWhatRuns: true }] && SqliteFault.IsFull(fault) && _makeRoom())
            {
                Save(group);
            }
            else
            {
                SaveOneByOne(group, fault);
            }

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
        if (_file.IsRemoved)
        {
            throw new StorageException(RecordFile.Removed);
        }

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
            told = new RecordUnavailableException(Sentence(reason), fault);
            _troubled(told.Message);
        }

        group.ForEach(request => request.Fail(told));
    }

    internal static string Sentence(string reason) => $"The record can't be written: {reason}.";

    /// <summary>A connection that met a fault may be within a transaction, or out of it; a new one is in none.</summary>
    private void Abandon()
    {
        _statements?.Dispose();
        _statements = null;
    }
}
