using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using ThinDeployer.Http;
using ThinDeployer.Machines;

namespace ThinDeployer.Pages;

/// <summary>
/// <c>/ui/events?after=CHANGE</c>: one stream for a whole page, which says only that something has changed since the page was
/// drawn. The page then asks for itself again, so what it shows is decided in one place.
/// </summary>
internal sealed class ChangesEndpoint(
    PageAccess access,
    Changes changes,
    OpenStreams streams,
    Enrolment enrolment,
    Door door,
    TimeProvider time
) : IRouteGroup
{
    /// <summary>Between two looks: a page is not drawn more often, whatever happens.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Proxies cut a connection that is silent for longer, some after 60 s; and a session may end meanwhile.</summary>
    private static readonly TimeSpan CommentEvery = TimeSpan.FromSeconds(15);

    /// <summary>Where it is <c>true</c>, the stream tells of machines that come and go, too.</summary>
    internal const string Machines = "machines";

    private static readonly HashSet<string> Arguments = new(StringComparer.Ordinal) { "after", Machines };

    public IReadOnlyList<RouteEntry> Routes =>
        [
            new(
                "ui/events",
                ["GET"],
                (context, _) =>
                    access.OpenAsync(
                        context,
                        Arguments,
                        visit => streams.OpenAsync(context, visit.Caller, () => FollowAsync(visit))
                    )
            ),
        ];

    private async Task FollowAsync(Visit visit)
    {
        var context = visit.Context;
        var seen = SeenBy(visit);
        var machines = MachinesOf(visit);
        context.Response.ContentType = EventStream.ContentType;
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        await SendAsync(context, ": follows\n\n");
        while (CallerNow(visit) is { } caller)
        {
            // Asked for before it is looked, so that no change falls between.
            var next = changes.Next;
            if (changes.Since(seen, caller.Services))
            {
                seen = changes.Count;
                await SendAsync(context, $"id: {seen}\nevent: changed\ndata: {{}}\n\n");
            }
            else if (!await ComesAsync(next, context.RequestAborted))
            {
                // No event tells that one was not heard of for a while.
                var before = machines;
                machines = MachinesOf(visit);
                await SendAsync(context, machines == before ? ":\n\n" : "event: changed\ndata: {}\n\n");
                continue;
            }

            await Task.Delay(Pause, time, context.RequestAborted);
        }

        await SendAsync(context, "event: over\ndata: {}\n\n");
    }

    /// <summary>How all machines stand, where the page shows that: another text after each change.</summary>
    private string? MachinesOf(Visit visit) =>
        visit.Caller.SeesAll && visit.Argument(Machines) == "true" && enrolment.Registry is { } registry
            ? string.Join(' ', registry.All().Select(machine => $"{machine.Name} {machine.State.Name()}"))
            : null;

    /// <summary>The last change that the page knows of. What comes back after a break tells it anew.</summary>
    private long SeenBy(Visit visit) =>
        long.TryParse(
            visit.Context.Request.Headers["Last-Event-ID"].ToString() is { Length: > 0 } last
                ? last
                : visit.Argument("after"),
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var seen
        )
            ? seen
            : changes.Count;

    /// <summary>
    /// Null where the session has ended, and with the services that there are now. Who came by a token has it still.
    /// </summary>
    private Caller? CallerNow(Visit visit) =>
        visit.Frame.Antiforgery is null ? visit.Caller : door.CallerOf(visit.Context.Request);

    private async Task<bool> ComesAsync(Task next, CancellationToken cancellationToken)
    {
        try
        {
            await next.WaitAsync(CommentEvery, time, cancellationToken);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private static async Task SendAsync(HttpContext context, string text)
    {
        await context.Response.WriteAsync(text, context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }
}
