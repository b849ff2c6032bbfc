using AspNetCoreGeneratedDocument;
using ThinDeployer.Deployments;
using ThinDeployer.Http;

namespace ThinDeployer.Pages;

/// <summary><c>/ui/queue</c>: what runs now, and what waits and why.</summary>
internal sealed class QueuePage(PageAccess access) : IRouteGroup
{
    public IReadOnlyList<RouteEntry> Routes =>
        [new("ui/queue", ["GET"], (context, _) => access.OpenAsync(context, PageAccess.NoArguments, ShowAsync))];

    private static Task ShowAsync(Visit visit)
    {
        var queue = visit.Desk.Queue(visit.Caller.Services);
        var model = new QueueModel(
            visit.Frame with
            {
                Title = "Queue",
                Part = "queue",
                Events = visit.Events,
                State =
                    queue.Running.Count > 0 ? DeploymentStatus.Running
                    : queue.WaitingCount > 0 ? DeploymentStatus.Queued
                    : null,
            },
            visit,
            queue
        );
        return PageAnswer.WriteAsync(visit.Context, new Pages_Templates_Queue { Model = model });
    }
}

internal sealed record QueueModel(Frame Frame, Visit Visit, QueueView Queue) : IPageModel;
