using Microsoft.AspNetCore.Http;
using ThinDeployer.Outbox;

namespace ThinDeployer.Http;

/// <summary><c>/outbox</c>: what people were not told yet, and why.</summary>
internal sealed class OutboxEndpoint(DeskAccess access, OutboxSender outbox) : IRouteGroup
{
    /// <summary>In one answer.</summary>
    private const int Most = 200;

    public IReadOnlyList<RouteEntry> Routes => [new("outbox", ["GET"], (context, _) => ListAsync(context))];

    private Task ListAsync(HttpContext context) =>
        access.OpenAsync(
            context,
            (_, caller, _) =>
                context.AnswerAsync(
                    StatusCodes.Status200OK,
                    new OutboxJson(
                        [.. outbox.Waiting(caller.Services, Most).Select(WaitingJson.Of)],
                        [
                            .. outbox
                                .Troubles.Where(trouble => caller.MaySee(trouble.Service))
                                .Select(trouble => new NotToldJson(
                                    trouble.Service,
                                    trouble.Kind,
                                    trouble.Name,
                                    trouble.Why,
                                    DeploymentJson.TimeOf(trouble.At)!
                                )),
                        ]
                    ),
                    Answers.Json.OutboxJson
                )
        );
}

/// <summary>What waits, and the newest of each target that never reached it.</summary>
internal sealed record OutboxJson(IReadOnlyList<WaitingJson> Waiting, IReadOnlyList<NotToldJson> NotTold);

internal sealed record WaitingJson(
    string Service,
    string DeploymentId,
    string Kind,
    string Target,
    string Since,
    int Attempts,
    string? NextAt,
    string? Reason,
    int? Repeats
)
{
    internal static WaitingJson Of((OutboxItem Item, string Kind, string Name) waiting)
    {
        var item = waiting.Item;
        var next = item.NotBefore > item.NextAt ? item.NotBefore : item.NextAt;
        return new WaitingJson(
            item.Service,
            item.DeploymentId,
            waiting.Kind,
            waiting.Name,
            DeploymentJson.TimeOf(item.CreatedAt)!,
            item.Attempts,
            next > item.CreatedAt ? DeploymentJson.TimeOf(next) : null,
            item.Trouble,
            item.Repeats > 0 ? item.Repeats : null
        );
    }
}

internal sealed record NotToldJson(string Service, string Kind, string Target, string Reason, string At);
