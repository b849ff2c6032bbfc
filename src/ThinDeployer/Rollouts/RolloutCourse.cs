using ThinDeployer.Yaml;

namespace ThinDeployer.Rollouts;

/// <summary>Decides how a rollout goes on. What counts is in its arguments, so that it can go on after a crash.</summary>
internal static class RolloutCourse
{
    /// <summary>Named in a reason.</summary>
    private const int NamesShown = 10;

    /// <summary>The machines of a rollout, in its order.</summary>
    /// <param name="enrolled">All that there are.</param>
    internal static IReadOnlyList<string> NamesOf(RolloutPlan plan, IEnumerable<string> enrolled) =>
        plan.Machines ?? [.. enrolled.Order(StringComparer.Ordinal)];

    /// <summary>Puts the machines into batches: a share is one of all machines, rounded down, and at least one machine.</summary>
    /// <param name="names">In the order of the rollout, each once.</param>
    internal static RolloutState Begin(RolloutPlan plan, IReadOnlyList<string> names)
    {
        var batches = new List<IReadOnlyList<string>>();
        for (var begun = 0; begun < names.Count; begun += batches[^1].Count)
        {
            var size = plan.Batches[Math.Min(batches.Count, plan.Batches.Count - 1)];
            batches.Add([.. names.Skip(begun).Take(MachinesIn(size, names.Count))]);
        }

        return new RolloutState(
            batches,
            plan.MaximumFailures,
            plan.Pause,
            plan.IsManual,
            plan.Unavailable,
            plan.Expire,
            Allowed: 1
        );
    }

    /// <summary>What is to be done now, or waited for.</summary>
    /// <param name="machines">All of the rollout, in any order.</param>
    internal static NextOfRollout Next(
        RolloutState state,
        IReadOnlyCollection<MachineStanding> machines,
        DateTimeOffset now
    )
    {
        var failed = machines.Where(machine => machine.Stage is MachineStage.Failed).ToList();
        var isTooMany = failed.Count > state.MaximumFailures;
        var waiting = machines.Where(machine => machine.Stage is MachineStage.Waiting).ToList();
        if (waiting.Count == 0 || isTooMany)
        {
            return machines.Any(machine => machine.Stage is MachineStage.Begun) ? new NextOfRollout.Wait()
                : waiting.Count > 0 ? new NextOfRollout.Stop(TooMany(state, failed))
                : new NextOfRollout.Done(isTooMany ? TooMany(state, failed) : NobodysSuccess(machines));
        }

        // One that a crash cut off in its middle still has machines that wait.
        var batch = waiting.Min(machine => machine.Batch);
        var before = machines.Where(machine => machine.Batch < batch).ToList();
        if (before.Exists(machine => machine.Stage is MachineStage.Begun))
        {
            return new NextOfRollout.Wait();
        }

        if (state.IsManual)
        {
            return batch < state.Allowed ? new NextOfRollout.Begin(batch) : new NextOfRollout.AskManual(batch);
        }

        return before.Max(machine => machine.EndedAt) + state.Pause is { } until && until > now
            ? new NextOfRollout.Pause(until)
            : new NextOfRollout.Begin(batch);
    }

    private static int MachinesIn(BatchSize size, int all) =>
        size.IsPercent ? (int)Math.Max(1, (long)all * size.Value / 100) : size.Value;

    private static string TooMany(RolloutState state, List<MachineStanding> failed) =>
        $"{Counted.Of(failed.Count, "machine")} failed, and {state.MaximumFailures} may: "
        + string.Join(", ", failed.Select(machine => machine.Machine).Order(StringComparer.Ordinal).Take(NamesShown))
        + (failed.Count > NamesShown ? ", …" : "");

    /// <summary>However many may fail or be left out: what is deployed nowhere is not deployed. Null where it is somewhere.</summary>
    private static string? NobodysSuccess(IReadOnlyCollection<MachineStanding> machines) =>
        machines.Any(machine => machine.Stage is MachineStage.Succeeded) ? null : "no machine succeeded";
}

/// <summary>Where one machine of a rollout stands.</summary>
/// <param name="Batch">From 0.</param>
/// <param name="EndedAt">Null before its end.</param>
internal sealed record MachineStanding(string Machine, int Batch, MachineStage Stage, DateTimeOffset? EndedAt);

internal enum MachineStage
{
    /// <summary>Its batch has not begun.</summary>
    Waiting,

    /// <summary>It has its order, or is about to get it, and has not ended.</summary>
    Begun,
    Succeeded,

    /// <summary>Left out, which is no failure.</summary>
    Skipped,

    /// <summary>It ended in any other way, or can't be said to have ended well.</summary>
    Failed,
}

/// <summary>What a rollout does next.</summary>
internal abstract record NextOfRollout
{
    private NextOfRollout() { }

    /// <summary>Each machine of the batch that waits gets its order.</summary>
    /// <param name="Batch">From 0.</param>
    internal sealed record Begin(int Batch) : NextOfRollout;

    /// <summary>Nothing before another machine has ended.</summary>
    internal sealed record Wait : NextOfRollout;

    /// <summary>Nothing before somebody says yes: <see cref="RolloutState.Allowed"/> is not above the batch.</summary>
    /// <param name="Batch">From 0.</param>
    internal sealed record AskManual(int Batch) : NextOfRollout;

    /// <summary>Nothing before that time.</summary>
    internal sealed record Pause(DateTimeOffset Until) : NextOfRollout;

    /// <summary>Whatever waits is never begun; nothing else runs any more.</summary>
    /// <param name="Reason">To be shown behind a colon.</param>
    internal sealed record Stop(string Reason) : NextOfRollout;

    /// <summary>All have ended.</summary>
    /// <param name="Fault">Why it failed, to be shown behind a colon; null where it succeeded.</param>
    internal sealed record Done(string? Fault) : NextOfRollout
    {
        internal bool HasSucceeded => Fault is null;
    }
}
