using ThinDeployer.Deployments;

namespace ThinDeployer.Telemetry;

/// <summary>What was counted of one service since the start of the program. The lock of its owner guards it.</summary>
internal sealed class ServiceCounts
{
    private Dictionary<RunPart, DurationHistogram> _durations = [];

    /// <summary>How long deployments took, by part.</summary>
    internal IReadOnlyDictionary<RunPart, DurationHistogram> Durations => _durations;

    /// <summary>Deployments that ended, by result; each is there from the start, so that the first of it is seen to be one more.</summary>
    internal Dictionary<string, long> Ends { get; private init; } =
        RunWords.Results.ToDictionary(result => result, _ => 0L);

    /// <summary>Steps that failed, and deployments that were cut off, by type; as <see cref="Ends"/>.</summary>
    internal Dictionary<string, long> Errors { get; private init; } =
        RunWords.ErrorTypes.ToDictionary(type => type, _ => 0L);

    internal ServiceCounts Copy() =>
        new()
        {
            _durations = _durations.ToDictionary(part => part.Key, part => part.Value.Copy()),
            Ends = new(Ends),
            Errors = new(Errors),
        };

    internal void Waited(TimeSpan time) => Add(RunPart.Pending, time);

    internal void Failed(StepResult step)
    {
        if (RunWords.ErrorOf(step) is { } error)
        {
            Errors[error]++;
        }
    }

    /// <summary>Counts an end. What its hook took is a part of its own.</summary>
    internal void Ended(DeploymentEntry entry)
    {
        if (RunWords.ResultOf(entry.Status) is not { } result)
        {
            return;
        }

        Ends[result]++;
        if (entry.DurationMs is not { } milliseconds)
        {
            return;
        }

        var error = RunWords.ErrorOf(entry);
        var all = TimeSpan.FromMilliseconds(milliseconds);
        var hooks = TimeSpan.FromTicks(Math.Min(entry.EndHooks.Sum(step => step.Duration?.Ticks ?? 0), all.Ticks));
        Add(new RunPart("executing", result, error), all - hooks);
        if (entry.EndHook is not null)
        {
            Add(new RunPart("finalizing", result, error), hooks);
        }
    }

    private void Add(RunPart part, TimeSpan time)
    {
        if (!_durations.TryGetValue(part, out var histogram))
        {
            histogram = new DurationHistogram();
            _durations.Add(part, histogram);
        }

        histogram.Add(time);
    }
}

/// <summary>A part of a deployment's life, and how that ended.</summary>
/// <param name="State">A word of the conventions.</param>
/// <param name="Result">Null where it is not known yet.</param>
/// <param name="ErrorType">Null where there is no error.</param>
internal sealed record RunPart(string State, string? Result, string? ErrorType)
{
    internal static RunPart Pending { get; } = new("pending", Result: null, ErrorType: null);
}
