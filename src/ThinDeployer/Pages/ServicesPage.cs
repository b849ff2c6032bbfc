using AspNetCoreGeneratedDocument;
using ThinDeployer.Configuration;
using ThinDeployer.Deployments;
using ThinDeployer.Http;
using ThinDeployer.Security;

namespace ThinDeployer.Pages;

/// <summary><c>/ui/</c>: how each service stands.</summary>
internal sealed class ServicesPage(PageAccess access) : IRouteGroup
{
    /// <summary>Services on one page.</summary>
    private const int Most = 100;

    /// <summary>Deployments of a strip.</summary>
    private const int Strip = 20;

    private static readonly HashSet<string> Arguments = new(StringComparer.Ordinal) { "q", "state", "from" };

    public IReadOnlyList<RouteEntry> Routes =>
        [new("ui/", ["GET"], (context, _) => access.OpenAsync(context, Arguments, ShowAsync))];

    private static Task ShowAsync(Visit visit)
    {
        var (wanted, state) = (visit.Argument("q"), visit.Argument("state"));
        var queue = visit.Desk.Queue(visit.Caller.Services);
        var found = visit
            .Services.Where(service => service.Name.Contains(wanted, StringComparison.OrdinalIgnoreCase))
            .ToList();
        var shown = InState(visit, found, queue, state);
        var from = visit.Number("from");
        var page = shown.Skip(from).Take(Most).ToList();
        var model = new ServicesModel(
            visit.Frame with
            {
                Title = "Services",
                Events = visit.Events,
                State = WorstOf(visit, found, queue),
            },
            visit,
            RowsOf(visit, page, queue),
            new ServiceFilter(wanted, state, from, shown.Count, Most)
        );
        return PageAnswer.WriteAsync(visit.Context, new Pages_Templates_Services { Model = model });
    }

    private static List<ServiceConfiguration> InState(
        Visit visit,
        List<ServiceConfiguration> found,
        QueueView queue,
        string state
    )
    {
        var active = state switch
        {
            "running" => queue.Running.Select(one => one.Service).ToHashSet(StringComparer.Ordinal),
            "waiting" => queue.Waiting.Select(one => one.Deployment.Service).ToHashSet(StringComparer.Ordinal),
            "failed" => LastEnds(visit, found)
                .Where(end => end.Value.Status is not DeploymentStatus.Succeeded)
                .Select(end => end.Key)
                .ToHashSet(StringComparer.Ordinal),
            _ => null,
        };
        return active is null ? found : found.FindAll(service => active.Contains(service.Name));
    }

    /// <summary>What the icon of the browser's tab tells: that something is broken, else that something runs.</summary>
    private static DeploymentStatus? WorstOf(Visit visit, List<ServiceConfiguration> found, QueueView queue) =>
        queue.Running.Count > 0 ? DeploymentStatus.Running
        : LastEnds(visit, found).Any(end => end.Value.Status is not DeploymentStatus.Succeeded)
            ? DeploymentStatus.Failed
        : DeploymentStatus.Succeeded;

    private static IReadOnlyDictionary<string, LastEnd> LastEnds(Visit visit, List<ServiceConfiguration> services) =>
        visit.Desk.LastEnds([.. services.Select(service => service.Name)]);

    private static List<ServiceRow> RowsOf(Visit visit, List<ServiceConfiguration> services, QueueView queue)
    {
        var names = services.ConvertAll(service => service.Name);
        var past = visit.Desk.Newest(names, Strip).ToLookup(one => one.Service, StringComparer.Ordinal);
        var standing = visit.Desk.Standing(names).ToLookup(one => one.Entry.Service, StringComparer.Ordinal);
        var running = queue.Running.ToLookup(one => one.Service, StringComparer.Ordinal);
        var waiting = queue.Waiting.ToLookup(one => one.Deployment.Service, StringComparer.Ordinal);
        return services.ConvertAll(service => new ServiceRow(
            service.Name,
            standing[service.Name].MaxBy(one => one.Entry.Sequence)?.Entry,
            standing[service.Name].FirstOrDefault(one => one.Entry.Status is DeploymentStatus.Succeeded)?.Entry,
            [.. running[service.Name]],
            [.. waiting[service.Name]],
            [.. past[service.Name]],
            visit.Caller.May(service.Name, Rights.Deploy)
        ));
    }
}

/// <param name="Newest">Null where it never was deployed.</param>
/// <param name="Live">The newest that succeeded; null where none did.</param>
/// <param name="Past">Newest first.</param>
internal sealed record ServiceRow(
    string Name,
    DeploymentEntry? Newest,
    DeploymentEntry? Live,
    IReadOnlyList<Deployment> Running,
    IReadOnlyList<WaitingDeployment> Waiting,
    IReadOnlyList<PastDeployment> Past,
    bool MayDeploy
);

/// <param name="Text">Which the names have.</param>
/// <param name="State">Empty for any.</param>
/// <param name="From">Services before this page.</param>
/// <param name="Count">Of all pages.</param>
/// <param name="Most">Of one page.</param>
internal sealed record ServiceFilter(string Text, string State, int From, int Count, int Most);

internal sealed record ServicesModel(Frame Frame, Visit Visit, IReadOnlyList<ServiceRow> Rows, ServiceFilter Filter)
    : IPageModel;
