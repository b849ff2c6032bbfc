using ThinDeployer.Yaml;

namespace ThinDeployer.Steps;

/// <summary>
/// Stops all processes of a step, or of a whole deployment: those that carry its marker, whatever session or parent they have now, and all
/// that descend from one of them, or share a session with it, and all in its control group.
/// </summary>
/// <param name="groups">Of the steps.</param>
internal sealed class StepProcesses(StepGroups groups, TimeProvider time)
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(50);

    /// <summary>How long a SIGKILL may take before we say that a process resists.</summary>
    private static readonly TimeSpan KillLimit = TimeSpan.FromSeconds(5);

    /// <summary>So often, one after the other, nothing must be seen.</summary>
    private const int EmptyLooks = 2;

    /// <summary>Makes the control group of a step, before it starts.</summary>
    /// <returns>Null where it has none.</returns>
    internal string? GroupFor(string marker) => groups.Make(marker);

    internal void Ended(string marker) => groups.Leave(marker);

    internal void RemoveLeftovers() => groups.RemoveLeftovers();

    /// <summary>SIGTERM, then after <paramref name="grace"/> SIGKILL, until nothing is left.</summary>
    /// <param name="isMeant">Whether a marker is one of those whose processes must end.</param>
    /// <param name="shellId">The process of the step itself; 0 where it is not our child.</param>
    /// <param name="grace">What the processes get to end by themselves.</param>
    /// <returns>False where something outlived SIGKILL, such as a process in uninterruptible sleep.</returns>
    internal async Task<bool> StopAsync(Func<string, bool> isMeant, int shellId, TimeSpan grace)
    {
        var begin = time.GetTimestamp();
        var own = groups.Of(isMeant);
        var step = new StepMembers(isMeant, shellId, own);
        var asked = new HashSet<LiveProcess>();
        var looks = 0;
        while (looks < EmptyLooks)
        {
            var elapsed = time.GetElapsedTime(begin);
            var signal = elapsed < grace ? PosixSignals.Terminate : PosixSignals.Kill;
            if (signal == PosixSignals.Kill)
            {
                StepGroups.Kill(own);
            }

            if (IsNobodyThere(step, asked, signal))
            {
                looks++;
                continue;
            }

            if (elapsed > grace + KillLimit)
            {
                return false;
            }

            looks = 0;
            await Task.Delay(LookAgain, time, CancellationToken.None);
        }

        return true;
    }

    /// <summary>Signals who is there: once by SIGTERM, each time by SIGKILL.</summary>
    private static bool IsNobodyThere(StepMembers step, HashSet<LiveProcess> asked, int signal)
    {
        try
        {
            var members = step.Look();
            foreach (var member in members.Where(member => signal == PosixSignals.Kill || asked.Add(member)))
            {
                member.Signal(signal);
            }

            return members.Count == 0 && !step.SignalUnseen(signal) && !step.Chase(signal);
        }
        catch (IOException exception) when (OutOfDescriptors.IsCause(exception))
        {
            // Who is left can't be seen now.
            return false;
        }
    }
}
