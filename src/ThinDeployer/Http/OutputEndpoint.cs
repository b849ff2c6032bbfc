using Microsoft.AspNetCore.Http;
using ThinDeployer.Deployments;
using ThinDeployer.Output;

namespace ThinDeployer.Http;

/// <summary><c>/deployments/{id}/log</c>: what the steps printed, so far or as it comes.</summary>
internal sealed class OutputEndpoint(DeskAccess access, TimeProvider time) : IRouteGroup
{
    public IReadOnlyList<RouteEntry> Routes => [new("deployments/{id}/log", ["GET"], HandleAsync)];

    private Task HandleAsync(HttpContext context, string id) =>
        access.FindAsync(
            context,
            id,
            async (desk, _, query, entry) =>
            {
                var wanted = query.Find("machine") is (> 0, var machine)
                    ? desk.Machines(entry).FirstOrDefault(one => one.Entry.Child?.Machine == machine)?.Entry
                    : entry;
                if (wanted is null)
                {
                    await context.AnswerAsync(StatusCodes.Status404NotFound, "It has no such machine", entry.Service);
                    return;
                }

                using var hold = desk.HoldOutput(wanted.Id);
                await AnswerAsync(context, desk, query, wanted);
            }
        );

    private Task AnswerAsync(HttpContext context, Desk desk, ArgumentCollection query, DeploymentEntry entry)
    {
        if (AcceptHeader.Names(context.Request, EventStream.ContentType))
        {
            return PlaceOf(context.Request) is { } place
                ? FollowAsync(
                    context,
                    desk,
                    entry,
                    output => EventStream.WriteAsync(context, output, place, desk.Whole, time)
                )
                : context.AnswerAsync(StatusCodes.Status400BadRequest, "\"Last-Event-ID\" is none of this log");
        }

        return query.Find("follow") switch
        {
            (0, _) or (1, "false") => WriteAsync(context, desk, entry),
            (1, "true") => FollowAsync(context, desk, entry, output => TextStream.WriteAsync(context, output, time)),
            _ => context.AnswerAsync(StatusCodes.Status400BadRequest, "\"follow\" must be true or false"),
        };
    }

    private static OutputPlace? PlaceOf(HttpRequest request) =>
        request.Headers["Last-Event-ID"].ToString() is { Length: > 0 } last
            ? OutputPlace.Parse(last)
            : OutputPlace.Start;

    private static Task FollowAsync(
        HttpContext context,
        Desk desk,
        DeploymentEntry entry,
        Func<FollowedOutput, Task> answer
    ) =>
        desk.Follow(entry) is { } output
            ? answer(output)
            : context.AnswerLaterAsync("The end of this deployment is not recorded yet", entry.Service);

    private static async Task WriteAsync(HttpContext context, Desk desk, DeploymentEntry entry)
    {
        var (output, isComplete) = desk.OutputOf(entry);
        context.Response.ContentType = $"{TextStream.ContentType}; charset=utf-8";
        if (ByteRange.Begin(context, output.Joined().End, isComplete) is { } range)
        {
            await OutputReader.ReadAsync(
                output,
                range.From,
                range.To,
                piece => context.Response.Body.WriteAsync(piece, context.RequestAborted),
                context.RequestAborted
            );
        }
    }
}
