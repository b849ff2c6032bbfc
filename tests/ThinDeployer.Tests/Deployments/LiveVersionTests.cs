using System.Globalization;
using CsCheck;
using ThinDeployer.Deployments;

namespace ThinDeployer.Tests.Deployments;

/// <summary>
/// Where a rollback goes that names nothing, against a slow model that follows what is live from one deployment to the next. For
/// a long search, the environment variable <c>CsCheck_Iter</c> sets the tries.
/// </summary>
public sealed class LiveVersionTests
{
    /// <summary>What may happen to a service, and from which commit; 0 is one that nobody knows.</summary>
    private static readonly Gen<Happening[]> Happenings = Gen.Select(
        Gen.OneOf(
            Gen.Const(What.Deploys),
            Gen.Const(What.Deploys),
            Gen.Const(What.GoesBack),
            Gen.Const(What.GoesBack),
            Gen.Const(What.GoesTo),
            Gen.Const(What.Fails)
        ),
        Gen.Int[0, 4],
        Gen.Int[0, 40],
        (what, commit, which) => new Happening(what, commit, which)
    ).Array[0, 30];

    private enum What
    {
        Deploys,
        GoesBack,
        GoesTo,
        Fails,
    }

    [Fact]
    public void It_is_what_was_live_when_the_version_of_now_came_first() =>
        Gen.Select(Happenings, Gen.Int[1, 30])
            .Sample(
                (happenings, keep) =>
                {
                    var history = Play(happenings);
                    var kept = history.TakeLast(keep).ToList();

                    var found = LiveVersion.Before([.. Enumerable.Reverse(kept)]);

                    return (found is null ? null : LiveVersion.Of(found)) == Expected(history, kept);
                },
                iter: Math.Max(Check.Iter, 2_000)
            );

    [Xunit.Fact]
    public void Going_back_again_and_again_ends() =>
        Happenings.Sample(happenings =>
        {
            var history = Play(happenings);
            var seen = new HashSet<string>();
            while (LiveVersion.Before([.. Enumerable.Reverse(history)]) is { } target)
            {
                if (!seen.Add(LiveVersion.Of(target)))
                {
                    return false;
                }

                history.Add(Back(history.Count + 1, target));
            }

            return true;
        });

    [Xunit.Fact]
    public void Where_no_commit_is_known_equal_values_are_not_the_same_version()
    {
        DeploymentEntry[] history = [Entry(1, commit: 0), Entry(2, commit: 0)];

        Assert.Equal("1", LiveVersion.Before([.. history.Reverse()])?.Id);
    }

    /// <summary>The successes, oldest first.</summary>
    private static List<DeploymentEntry> Play(Happening[] happenings)
    {
        var history = new List<DeploymentEntry>();
        foreach (var (what, commit, which) in happenings)
        {
            var number = history.Count + 1;
            var next = what switch
            {
                What.Deploys => Entry(number, commit),
                What.GoesBack => LiveVersion.Before([.. Enumerable.Reverse(history)]) is { } target
                    ? Back(number, target)
                    : null,
                What.GoesTo when history.Count > 0 => Back(number, history[which % history.Count]),
                _ => null,
            };
            if (next is not null)
            {
                history.Add(next);
            }
        }

        return history;
    }

    /// <summary>Walks all of the history, and forgets what is not kept only at the end.</summary>
    private static string? Expected(List<DeploymentEntry> history, List<DeploymentEntry> kept)
    {
        if (history.Count == 0)
        {
            return null;
        }

        // What was live at each time, and whence it is.
        var versions = history.ConvertAll(entry => entry.Trigger.RollbackTo ?? entry.Id);
        var commits = history.ToDictionary(entry => entry.Id, entry => entry.Trigger.Commit);
        var live = versions[^1];
        var came = history.FindIndex(entry => entry.Id == live);
        for (var place = came - 1; place >= 0; place--)
        {
            var isSame = commits[live] is not null && commits[versions[place]] == commits[live];
            if (!isSame)
            {
                return kept.Contains(history[came]) && kept.Contains(history[place]) ? versions[place] : null;
            }
        }

        return null;
    }

    private static DeploymentEntry Back(int number, DeploymentEntry target)
    {
        var entry = Entry(number, commit: 0);
        return entry with { Trigger = target.Trigger with { RollbackTo = LiveVersion.Of(target) } };
    }

    private static DeploymentEntry Entry(int number, int commit) =>
        new()
        {
            Sequence = number,
            Id = number.ToString(CultureInfo.InvariantCulture),
            Service = "site",
            Status = DeploymentStatus.Succeeded,
            AcceptedAt = DateTimeOffset.UnixEpoch,
            Values = new Dictionary<string, string>(),
            Trigger = new DeploymentTrigger(Address: null, "POST", Who: null)
            {
                Commit = commit == 0 ? null : $"commit {commit}",
            },
        };

    private sealed record Happening(What What, int Commit, int Which);
}
