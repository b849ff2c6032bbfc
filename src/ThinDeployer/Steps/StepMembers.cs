namespace ThinDeployer.Steps;

/// <summary>
/// Who belongs to a step, look by look: those in its control group, those that carry its marker, all that descend from one of
/// them or share a session with it, and those found before. One whose parent has died meanwhile would not be found again by its parent.
/// </summary>
/// <param name="isMeant">Whether a marker is one of those that are looked for.</param>
/// <param name="shellId">The process of the step itself; 0 where it is not our child.</param>
/// <param name="groups">Control groups, where there are some.</param>
internal sealed class StepMembers(Func<string, bool> isMeant, int shellId, IReadOnlyList<string> groups)
{
    /// <summary>So many times nothing new must be seen; one takes some 20 microseconds.</summary>
    private const int QuietLooks = 500;

    /// <summary>Then the caller looks at the clock.</summary>
    private const int MostLooks = 20 * QuietLooks;

    private readonly Dictionary<int, LiveProcess> _known = [];
    private readonly HashSet<int> _sessions = [];
    private readonly HashSet<int> _groups = [];
    private HashSet<int> _grouped = [];
    private List<LiveProcess> _others = [];

    /// <summary>
    /// The oldest first: a shell whose child is stopped before it would go on with its next command. Empty where none was
    /// seen, which does not mean that there is none.
    /// </summary>
    internal List<LiveProcess> Look()
    {
        _grouped = StepGroups.MembersOf(groups);
        var all = LiveProcess.All().ToList();
        var own = all.Find(process => process.Id == Environment.ProcessId);
        var children = all.ToLookup(process => process.ParentId);
        var found = new Dictionary<int, LiveProcess>();
        var open = new Stack<LiveProcess>(all.Where(IsMember));
        while (open.TryPop(out var process))
        {
            if (process.Id != own?.Id && found.TryAdd(process.Id, process))
            {
                foreach (var child in children[process.Id])
                {
                    open.Push(child);
                }
            }
        }

        Remember(
            found.Values.Where(process =>
                process.Session != own?.Session && process.Group != own?.Group && !IsLedByAnother(process)
            )
        );
        _others = [.. all.Where(process => process.IsZombie || !found.ContainsKey(process.Id))];
        return
        [
            .. found
                .Values.Where(process => !process.IsZombie)
                .OrderBy(process => process.StartTime)
                .ThenBy(process => process.Id),
        ];

        bool IsLedByAnother(LiveProcess process) =>
            !found.ContainsKey(process.Session) && all.Exists(other => other.Id == process.Session);
    }

    /// <summary>Signals what the last look may have missed, by the groups of those that were found before.</summary>
    /// <returns>Whether somebody was there.</returns>
    internal bool SignalUnseen(int signal)
    {
        var isThere = false;
        foreach (var group in _groups)
        {
            // A group that somebody else is in got its number anew. The dead keep theirs until their parent looks.
            var seen = _others.Where(process => process.Group == group).ToList();
            if (seen.TrueForAll(process => process.IsZombie) && PosixSignals.SendToGroup(group, signal))
            {
                isThere |= seen.Count == 0;
            }
        }

        return isThere;
    }

    /// <summary>
    /// Signals the newest processes of the machine that are of the step, until for a moment there is none. What only forks and
    /// exits is gone before its turn in a whole look comes; to look for the newest alone takes less time than a fork.
    /// </summary>
    /// <returns>Whether one was there.</returns>
    internal bool Chase(int signal)
    {
        var isThere = false;
        var last = 0;
        for (int rest = QuietLooks, left = MostLooks; rest > 0 && left > 0; rest--, left--)
        {
            var newest = LiveProcess.NewestId();
            if (newest == last)
            {
                continue;
            }

            last = newest;
            if (LiveProcess.Find(newest) is { } process && IsMember(process) && process.Signal(signal))
            {
                isThere = true;
                rest = QuietLooks;
            }
        }

        return isThere;
    }

    private bool IsMember(LiveProcess process) =>
        !process.IsZombie
        && (
            (_known.TryGetValue(process.Id, out var before) && before.StartTime == process.StartTime)
            || _grouped.Contains(process.Id)
            || _sessions.Contains(process.Session)
            || (process.Id == shellId && process.ParentId == Environment.ProcessId)
            || (process.Variable(StepMarker.Name) is { } marker && isMeant(marker))
        );

    private void Remember(IEnumerable<LiveProcess> members)
    {
        foreach (var member in members)
        {
            _known[member.Id] = member;

            // One that is just going has none any more; to signal the group 0 would be to signal our own (kill(2)).
            if (member is { Session: > 1, Group: > 1 })
            {
                _sessions.Add(member.Session);
                _groups.Add(member.Group);
            }
        }
    }
}
