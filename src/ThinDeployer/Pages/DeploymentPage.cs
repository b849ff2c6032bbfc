using AspNetCoreGeneratedDocument;
using ThinDeployer.Deployments;
using ThinDeployer.Http;
using ThinDeployer.Lines;
using ThinDeployer.Pages.Log;
using ThinDeployer.Security;

namespace ThinDeployer.Pages;

/// <summary><c>/ui/deployments/{id}</c>: what a deployment did, and does; and what would differ if it were done again.</summary>
internal sealed class DeploymentPage(PageAccess access, OutputLines outputs) : IRouteGroup
{
    /// <summary>Lines of a step that stand in the page itself, for who has no script; all are a link away.</summary>
    private const int Tail = 200;

    /// <summary>The same of all steps together.</summary>
    private const int Tails = 1000;

    public IReadOnlyList<RouteEntry> Routes =>
        [
            new("ui/deployments/{id}", ["GET"], (context, id) => access.FindAsync(context, id, ShowAsync)),
            new(
                "ui/deployments/{id}/again",
                ["GET"],
                (context, id) =>
                    access.FindAsync(context, id, (visit, seen) => CompareAsync(visit, seen, isBack: false))
            ),
            new(
                "ui/deployments/{id}/back",
                ["GET"],
                (context, id) => access.FindAsync(context, id, (visit, seen) => CompareAsync(visit, seen, isBack: true))
            ),
        ];

    private async Task ShowAsync(Visit visit, SeenDeployment seen)
    {
        using var hold = visit.Desk.HoldOutput(seen.Entry.Id);
        var waiting = visit
            .Desk.Queue([seen.Entry.Service])
            .Waiting.FirstOrDefault(one => one.Deployment.Id == seen.Entry.Id);
        var isChild = seen.Entry.Child is not null;
        seen = seen with { Machines = visit.Desk.Machines(seen.Entry) };
        var waitsFor = waiting?.Reason ?? seen.WaitsFor;
        var model = new DeploymentModel(
            visit.Frame with
            {
                Title = $"{seen.Entry.Service} {Shown.Id(seen.Entry.Id)}",
                Part = "deployments",
                State = seen.Entry.Status,
            },
            visit,
            seen,
            waiting is not null ? Shown.Reason(waiting, visit.Caller.MaySee) : WaitJson.Of(seen.WaitsFor)?.Message,
            waitsFor,
            StepsOf(visit, seen),
            isChild ? null : LiveOf(visit, seen.Entry.Service),
            visit.May(seen.Entry.Service, Rights.Deploy),
            waitsFor is WaitReason.Approval or WaitReason.Closed or WaitReason.Batch
                && visit.May(seen.Entry.Service, Rights.Approve)
        );
        await PageAnswer.WriteAsync(visit.Context, new Pages_Templates_Deployment { Model = model });
    }

    /// <summary>Those of its hooks behind the others, as they ran.</summary>
    private List<ShownStep> StepsOf(Visit visit, SeenDeployment seen)
    {
        var entry = seen.Entry;
        using var output = visit.Desk.Follow(entry);
        if (output is null)
        {
            return [];
        }

        var log = DeploymentLog
            .Of(output, entry.Id, outputs, visit.Context.RequestAborted)
            .With(OnMachines.AsStep(entry, seen.Machines));
        var left = Tails;
        var shown = new List<ShownStep>();
        foreach (var (step, lines) in log.Steps.Zip(log.Ranges))
        {
            var count = (int)Math.Min(Math.Min(lines.Last - lines.First + 1, Tail), left);
            left -= count;
            var tail = count > 0 ? new LineReader(log.Lines).Read(lines.Last - count + 1, count) : [];
            shown.Add(new ShownStep(step.Number, step.Result, lines, [.. tail.Select(TextOf)]));
        }

        return shown;
    }

    private static string TextOf(ShownLine line) =>
        string.Concat(line.Pieces.Select(piece => piece.Text))
        + (line.HiddenBytes > 0 ? $" … {Shown.Bytes(line.HiddenBytes)} more" : "");

    private static DeploymentEntry? LiveOf(Visit visit, string service) =>
        visit.Desk.Live([service]) is [var live] ? live : null;

    private static Task CompareAsync(Visit visit, SeenDeployment seen, bool isBack)
    {
        var service = seen.Entry.Service;
        var live = LiveOf(visit, service);
        var model = new AgainModel(
            visit.Frame with
            {
                Title = isBack ? $"Roll {service} back" : $"Deploy {service} again",
                Part = "deployments",
            },
            visit,
            seen.Entry,
            live,
            DifferencesOf(seen.Entry, live),
            visit.Service(service)?.Plan is { } plan
                ? [.. plan.Steps.Select(step => plan.Secrets.Masked(step.Source))]
                : [],
            isBack,
            isBack
                ? seen.Entry.Status is DeploymentStatus.Succeeded && visit.May(service, Rights.Rollback)
                : visit.May(service, Rights.Deploy)
        );
        return PageAnswer.WriteAsync(visit.Context, new Pages_Templates_Again { Model = model });
    }

    /// <summary>What this one had otherwise than the one that is live.</summary>
    private static List<Difference> DifferencesOf(DeploymentEntry entry, DeploymentEntry? live)
    {
        var (here, there) = (FactsOf(entry), live is null ? [] : FactsOf(live));
        return
        [
            .. here
                .Keys.Union(there.Keys)
                .Select(name => new Difference(name, here.GetValueOrDefault(name), there.GetValueOrDefault(name)))
                .Where(one => one.Here != one.Live),
        ];
    }

    private static Dictionary<string, string> FactsOf(DeploymentEntry entry)
    {
        var facts = new Dictionary<string, string>(entry.ShownValues, StringComparer.Ordinal);
        if (entry.Trigger.Commit is { } commit)
        {
            facts["commit"] = commit;
        }

        if (entry.Trigger.Ref is { } name)
        {
            facts["ref"] = Shown.Ref(name);
        }

        return facts;
    }
}

/// <param name="Number">As <see cref="StepPlace.Number"/>.</param>
/// <param name="Lines">Of the whole output, which are its own.</param>
/// <param name="Tail">The last of them as text.</param>
internal sealed record ShownStep(int Number, StepResult Step, LineRange Lines, IReadOnlyList<string> Tail)
{
    internal long Count => Lines.Last - Lines.First + 1;
}

/// <param name="Seen">With its machines.</param>
/// <param name="Waits">Why, as a sentence; null where it does not wait.</param>
/// <param name="WaitsFor">Null there, too.</param>
/// <param name="Live">Of its service; null where none succeeded, and for one of a machine.</param>
internal sealed record DeploymentModel(
    Frame Frame,
    Visit Visit,
    SeenDeployment Seen,
    string? Waits,
    WaitReason? WaitsFor,
    IReadOnlyList<ShownStep> Steps,
    DeploymentEntry? Live,
    bool MayDeploy,
    bool MayDecide
) : IPageModel
{
    internal DeploymentEntry Entry => Seen.Entry;

    internal IReadOnlyList<SeenDeployment> Machines => Seen.Machines;

    internal string? Note => Seen.Note;

    internal string Standing => Shown.Standing(Seen);

    internal bool IsLive => Live?.Id == Entry.Id;

    internal bool MayBringBack => Entry.MayBeBroughtBack(Live) && Visit.May(Entry.Service, Rights.Rollback);
}

/// <param name="Here">Of the old deployment; null where it had none.</param>
/// <param name="Live">Of the one that succeeded last; null where it had none.</param>
internal sealed record Difference(string Name, string? Here, string? Live);

/// <param name="Live">The one that succeeded last; null where none did.</param>
/// <param name="Commands">That would run now, as written, and masked.</param>
/// <param name="IsBack">Whether it is a rollback.</param>
/// <param name="MayAct">Whether the caller may do that.</param>
internal sealed record AgainModel(
    Frame Frame,
    Visit Visit,
    DeploymentEntry Entry,
    DeploymentEntry? Live,
    IReadOnlyList<Difference> Differences,
    IReadOnlyList<string> Commands,
    bool IsBack,
    bool MayAct
) : IPageModel
{
    /// <summary>The only one that is meant; null for all of the service.</summary>
    internal string? Machine => Entry.Child?.Machine ?? (IsBack ? null : Entry.Trigger.OnMachine);

    /// <summary>Those that it is deployed on; null for this one.</summary>
    internal string? Machines =>
        Visit.Service(Entry.Service)?.Plan.Rollout is { } rollout ? Machine ?? Shown.Machines(rollout) : null;

    internal string Action =>
        Frame.Api(IsBack ? $"services/{Entry.Service}/rollback?to={Entry.Id}" : $"deployments/{Entry.Id}/rerun");

    internal string Button => IsBack ? "Roll back to this" : "Deploy this version again";

    internal string Question =>
        IsBack
            ? $"Roll {Entry.Service} back to this version{OnMachine}?"
            : $"Deploy this version of {Entry.Service} again{OnMachine}?";

    private string OnMachine => Machine is { } machine ? $" on {machine}" : "";
}
