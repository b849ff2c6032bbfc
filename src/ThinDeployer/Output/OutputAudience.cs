namespace ThinDeployer.Output;

/// <summary>Those who follow an output while it grows, and what they are told besides its bytes. The output's lock guards it.</summary>
internal sealed class OutputAudience
{
    /// <summary>Comes at the next change; null while nobody waits.</summary>
    private TaskCompletionSource? _change;
    private OutputBlocks? _blocks;
    private int _followers;

    /// <summary>Counts what followers want to hear of.</summary>
    internal long Version { get; private set; }

    /// <summary>Never changed, only replaced: who has it may keep it.</summary>
    internal IReadOnlyList<OutputMark> Marks { get; private set; } = [];

    internal void Tell(OutputMark mark)
    {
        Marks = [.. Marks, mark];
        Wake();
    }

    internal void Wake()
    {
        Version++;
        _change?.SetResult();
        _change = null;
    }

    /// <summary>Comes when there is another version than the one that was seen.</summary>
    internal Task ChangeAsync(long seen)
    {
        if (Version != seen)
        {
            return Task.CompletedTask;
        }

        _change ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return _change.Task;
    }

    /// <summary>What all of them read through.</summary>
    internal OutputBlocks Enter()
    {
        _followers++;
        return _blocks ??= new OutputBlocks();
    }

    internal void Leave()
    {
        if (--_followers == 0)
        {
            _blocks = null;
        }
    }
}
