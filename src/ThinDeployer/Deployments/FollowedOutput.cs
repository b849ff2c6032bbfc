using ThinDeployer.Output;

namespace ThinDeployer.Deployments;

/// <summary>The output of a deployment that runs or waits, or of one that has ended, for who follows it.</summary>
internal sealed class FollowedOutput : IDisposable
{
    private readonly Deployment? _live;
    private readonly OutputBlocks? _blocks;
    private OutputEnd? _end;

    /// <summary>Of one that has ended: it never changes again.</summary>
    private OutputState? _last;

    private FollowedOutput(Deployment? live, OutputEnd? end)
    {
        _live = live;
        _end = end;
        _blocks = live?.Output.BeginFollowing();
    }

    internal static FollowedOutput Of(Deployment live) => new(live, end: null);

    internal static FollowedOutput Of(DeploymentResult kept) => new(live: null, new OutputEnd(kept));

    /// <summary>Null while it may still grow.</summary>
    internal OutputEnd? End => _end ??= _live!.End.IsCompleted ? new OutputEnd(_live.End.Result) : null;

    internal OutputState State =>
        End?.Result is { } result
            ? _last ??= new OutputState(result.Output, MarksOf(result), Version: 0)
            : _live!.Output.State;

    internal Task ChangeAsync(OutputState seen) => _live!.Output.ChangeAsync(seen);

    internal int Read(OutputPart part, long position, Span<byte> into) =>
        _blocks is not null ? _blocks.Read(part, position, into) : part.Read(position, into);

    public void Dispose() => _live?.Output.EndFollowing();

    /// <summary>
    /// As followers of it saw them; without a place, at the end, and so where a crash took what stood before the place.
    /// </summary>
    private static List<StepMark> MarksOf(DeploymentResult result)
    {
        var marks = new List<StepMark>();
        var end = result.Output.End;
        StepResult[] steps = [.. result.Entry.Steps, .. result.Entry.Hooks];
        for (var i = 0; i < steps.Length; i++)
        {
            var step = steps[i];
            var begun = step with { Status = DeploymentStatus.Running, ExitCode = null, Attempts = 1, Message = null };
            marks.Add(new StepMark(Math.Min(step.OutputStart ?? end, end), i + 1, begun with { Duration = null }));
            marks.Add(new StepMark(Math.Min(step.OutputEnd ?? end, end), i + 1, step));
        }

        return marks;
    }
}

/// <param name="Result">Null where the server ended before the deployment.</param>
internal sealed record OutputEnd(DeploymentResult? Result);

/// <summary>How a step stood when the output had come to a position.</summary>
/// <param name="Number">Of the step, from 1.</param>
/// <param name="Step">As clients shall see it.</param>
internal sealed record StepMark(long Position, int Number, StepResult Step) : OutputMark(Position);
