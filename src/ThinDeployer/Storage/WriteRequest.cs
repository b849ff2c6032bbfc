namespace ThinDeployer.Storage;

/// <summary>Something to save, and who waits for it.</summary>
/// <param name="write">Runs within a transaction, and again in another if that one failed. Gives the ids of those whose
/// output may go.</param>
internal sealed class WriteRequest(Func<WriteStatements, IReadOnlyList<string>> write)
{
    /// <summary>To be saved even if the disk is full, by the room that is kept for it.</summary>
    internal required bool IsOfWhatRuns { get; init; }

    /// <summary>Who waits goes on elsewhere: the writer has others to serve.</summary>
    private readonly TaskCompletionSource _saved = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal Task Saved => _saved.Task;

    internal IReadOnlyList<string> Write(WriteStatements statements) => write(statements);

    internal void Succeed() => _saved.TrySetResult();

    internal void Fail(Exception fault) => _saved.TrySetException(fault);
}
