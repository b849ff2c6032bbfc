using ThinDeployer.Yaml;

namespace ThinDeployer.Deployments;

/// <summary>
/// Stops all processes of a step, or of a whole deployment: those that carry its marker, whatever session or parent they have now, and all
/// that descend from one of them.
/// </summary>
internal sealed class StepProcesses(TimeProvider time)
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(50);

    /// <summary>How long a SIGKILL may take before we say that a process resists.</summary>
    private static readonly TimeSpan KillLimit = TimeSpan.FromSeconds(5);

    /// <summary>SIGTERM, then after <paramref name="grace"/> SIGKILL, until nothing is left.</summary>
    /// <param name="isMeant">Whether a marker is one of those whose processes must end.</param>
    /// <param name="shellId">The process of the step itself; 0 where it is not our child.</param>
    /// <param name="grace">What the processes get to end by themselves.</param>
    /// <returns>False where something outlived SIGKILL, such as a process in uninterruptible sleep.</returns>
    internal async Task<bool> StopAsync(Func<string, bool> isMeant, int shellId, TimeSpan grace)
    {
        var begin = time.GetTimestamp();
        var known = new Dictionary<int, LiveProcess>();
        var asked = new HashSet<LiveProcess>();
        while (true)
        {
            var elapsed = time.GetElapsedTime(begin);
            try
            {
                var members = Members(isMeant, shellId, known);
                if (members.Count == 0)
                {
                    return true;
                }

                Signal(members, asked, isKill: elapsed >= grace);
            }
            catch (IOException exception) when (OutOfDescriptors.IsCause(exception))
            {
                // Who is left can't be seen now.
            }

            if (elapsed > grace + KillLimit)
            {
                return false;
            }

            await Task.Delay(LookAgain, time, CancellationToken.None);
        }
    }

    private static void Signal(List<LiveProcess> members, HashSet<LiveProcess> asked, bool isKill)
    {
        foreach (var member in members)
        {
            if (isKill)
            {
                member.Signal(PosixSignals.Kill);
            }
            else if (asked.Add(member))
            {
                member.Signal(PosixSignals.Terminate);
            }
        }
    }

    /// <param name="known">
    /// Those found before: one whose parent has died meanwhile would not be found again by its parent.
    /// </param>
    private static List<LiveProcess> Members(
        Func<string, bool> isMeant,
        int shellId,
        Dictionary<int, LiveProcess> known
    )
    {
        var all = LiveProcess.All().ToList();
        var children = all.ToLookup(process => process.ParentId);
        var found = new List<LiveProcess>();
        var seen = new HashSet<int> { Environment.ProcessId };
        var open = new Stack<LiveProcess>(all.Where(IsMember));
        while (open.TryPop(out var process))
        {
            if (!seen.Add(process.Id))
            {
                continue;
            }

            found.Add(process);
            known[process.Id] = process;
            foreach (var child in children[process.Id])
            {
                open.Push(child);
            }
        }

        // A shell whose child is stopped first would go on with its next command.
        return [.. found.OrderBy(process => process.StartTime).ThenBy(process => process.Id)];

        bool IsMember(LiveProcess process) =>
            (known.TryGetValue(process.Id, out var before) && before.StartTime == process.StartTime)
            || (process.Id == shellId && process.ParentId == Environment.ProcessId)
            || (process.Variable(StepEnvironment.MarkerName) is { } marker && isMeant(marker));
    }
}
