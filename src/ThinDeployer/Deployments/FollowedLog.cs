namespace ThinDeployer.Deployments;

/// <summary>The log of a deployment that runs or waits, or of one that has ended, for who follows it.</summary>
internal sealed class FollowedLog : IDisposable
{
    private readonly Deployment? _live;
    private readonly LogBlocks? _blocks;
    private LogEnd? _end;

    /// <summary>Of one that has ended: it never changes again.</summary>
    private LogState? _last;

    private FollowedLog(Deployment? live, LogEnd? end)
    {
        _live = live;
        _end = end;
        _blocks = live?.Log.BeginFollowing();
    }

    internal static FollowedLog Of(Deployment live) => new(live, end: null);

    internal static FollowedLog Of(DeploymentResult kept) => new(live: null, new LogEnd(kept));

    /// <summary>Null while it may still grow.</summary>
    internal LogEnd? End => _end ??= _live!.End.IsCompleted ? new LogEnd(_live.End.Result) : null;

    internal LogState State =>
        End?.Result is { } result ? _last ??= new LogState(result.Log, MarksOf(result), Version: 0) : _live!.Log.State;

    internal Task ChangeAsync(LogState seen) => _live!.Log.ChangeAsync(seen);

    internal int Read(LogPart part, long position, Span<byte> into) =>
        _blocks is not null ? _blocks.Read(part, position, into) : part.Read(position, into);

    public void Dispose() => _live?.Log.EndFollowing();

    /// <summary>
    /// As followers of it saw them; without a place, at the end, and so where a crash took what stood before the place.
    /// </summary>
    private static List<LogMark> MarksOf(DeploymentResult result)
    {
        var marks = new List<LogMark>();
        var end = result.Log.End;
        StepResult[] steps = [.. result.Entry.Steps, .. result.Entry.Hooks];
        for (var i = 0; i < steps.Length; i++)
        {
            var step = steps[i];
            var begun = step with { Status = DeploymentStatus.Running, ExitCode = null, Attempts = 1, Message = null };
            marks.Add(new LogMark(Math.Min(step.LogStart ?? end, end), i + 1, begun with { Duration = null }));
            marks.Add(new LogMark(Math.Min(step.LogEnd ?? end, end), i + 1, step));
        }

        return marks;
    }
}

/// <param name="Result">Null where the server ended before the deployment.</param>
internal sealed record LogEnd(DeploymentResult? Result);
