using Microsoft.AspNetCore.Http;
using ThinDeployer.Deployments;
using ThinDeployer.Output;

namespace ThinDeployer.Http;

/// <summary><c>/deployments/{id}/log</c>: what the steps printed, so far or as it comes.</summary>
internal sealed class OutputEndpoint(ViewerDoor door, TimeProvider time)
{
    internal Task HandleAsync(HttpContext context, string id) =>
        door.FindAsync(
            context,
            id,
            async (open, _, query, entry) =>
            {
                using var hold = open.Record.HoldOutput(entry.Id);
                await AnswerAsync(context, open, query, entry);
            }
        );

    private Task AnswerAsync(HttpContext context, OpenEngine open, ArgumentCollection query, DeploymentEntry entry)
    {
        if (AcceptHeader.Names(context.Request, EventStream.ContentType))
        {
            return PlaceOf(context.Request) is { } place
                ? FollowAsync(context, open, entry, log => EventStream.WriteAsync(context, log, place, time))
                : context.AnswerAsync(StatusCodes.Status400BadRequest, "\"Last-Event-ID\" is none of this log");
        }

        return query.Find("follow") switch
        {
            (0, _) or (1, "false") => WriteAsync(context, open, entry),
            (1, "true") => FollowAsync(context, open, entry, log => TextStream.WriteAsync(context, log, time)),
            _ => context.AnswerAsync(StatusCodes.Status400BadRequest, "\"follow\" must be true or false"),
        };
    }

    private static OutputPlace? PlaceOf(HttpRequest request) =>
        request.Headers["Last-Event-ID"].ToString() is { Length: > 0 } last
            ? OutputPlace.Parse(last)
            : OutputPlace.Start;

    private static Task FollowAsync(
        HttpContext context,
        OpenEngine open,
        DeploymentEntry entry,
        Func<FollowedOutput, Task> answer
    )
    {
        if (open.Queue.Find(entry.Service, entry.Id) is { } live)
        {
            return answer(FollowedOutput.Of(live));
        }

        return Ended(open, entry) is { } ended
            ? answer(FollowedOutput.Of(ended))
            : context.AnswerLaterAsync("The end of this deployment is not recorded yet", entry.Service);
    }

    private static async Task WriteAsync(HttpContext context, OpenEngine open, DeploymentEntry entry)
    {
        var live = open.Queue.Find(entry.Service, entry.Id);
        var log = live?.Output.Content ?? Ended(open, entry)?.Output ?? open.OutputOf(entry);
        context.Response.ContentType = $"{TextStream.ContentType}; charset=utf-8";
        if (ByteRange.Begin(context, log.Joined().End, isComplete: live is null) is { } range)
        {
            await OutputReader.ReadAsync(
                log,
                range.From,
                range.To,
                piece => context.Response.Body.WriteAsync(piece, context.RequestAborted),
                context.RequestAborted
            );
        }
    }

    /// <summary>Null for one that has not; it may have since it was read.</summary>
    private static DeploymentResult? Ended(OpenEngine open, DeploymentEntry entry) =>
        entry.Status.IsEnd() ? open.Kept(entry)
        : open.Record.Find(entry.Id) is { } now && now.Status.IsEnd() ? open.Kept(now)
        : null;
}
