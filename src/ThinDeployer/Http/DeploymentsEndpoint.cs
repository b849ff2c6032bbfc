using System.Globalization;
using Microsoft.AspNetCore.Http;
using ThinDeployer.Configuration;
using ThinDeployer.Deployments;
using ThinDeployer.Security;

namespace ThinDeployer.Http;

/// <summary>History and state of deployments, and the services, for who may see them.</summary>
internal sealed class DeploymentsEndpoint(
    DeskAccess access,
    CurrentConfiguration current,
    CredentialUses uses,
    TimeProvider time
) : IRouteGroup
{
    private const int DefaultLimit = 50;
    private const int MaximumLimit = 200;

    public IReadOnlyList<RouteEntry> Routes =>
        [
            new("deployments", ["GET"], (context, _) => ListAsync(context)),
            new("deployments/{id}", ["GET"], ShowAsync),
            new("services", ["GET"], (context, _) => ServicesAsync(context)),
        ];

    private Task ListAsync(HttpContext context) =>
        access.OpenAsync(
            context,
            (desk, caller, query) =>
            {
                var service = query.Find("service");
                var before = query.Find("before");
                var wish = HistoryQuery.Of(Said(query, "status"), Said(query, "since"));
                if (Complaint(query, wish) is { } complaint)
                {
                    return context.AnswerAsync(StatusCodes.Status400BadRequest, complaint);
                }

                if (service.Count > 0 && !IsThere(desk, caller, service.First))
                {
                    return caller.WhyNot(service.First, Rights.Read) is { } whyNot
                        ? Refusals.AnswerAsync(context, whyNot, service.First)
                        : AnswerNoServiceAsync(context, caller, service.First);
                }

                var filter = new DeploymentFilter(
                    service.Count > 0 ? [service.First] : caller.Services,
                    wish.Status,
                    before.Count > 0 ? before.First : null,
                    Limit(query) ?? DefaultLimit
                )
                {
                    Who = Said(query, "who"),
                    Since = wish.Since,
                };
                var page = desk.List(filter).Select(DeploymentJson.Of);
                return context.AnswerAsync(
                    StatusCodes.Status200OK,
                    new DeploymentListJson([.. page]),
                    Answers.Json.DeploymentListJson
                );
            }
        );

    /// <summary>Of an id, of what is enough of one, or of <c>latest</c>.</summary>
    private Task ShowAsync(HttpContext context, string id) =>
        access.OpenAsync(
            context,
            (desk, caller, query) =>
                desk.Seek(id, Said(query, "service"), caller.Services) switch
                {
                    [] => DeskAccess.RefuseAsync(
                        context,
                        caller,
                        desk.Find(id)?.Service ?? Said(query, "service"),
                        Rights.Read
                    ),
                    [var seen] => context.AnswerAsync(
                        StatusCodes.Status200OK,
                        DeploymentJson.Of(seen),
                        Answers.Json.DeploymentJson
                    ),
                    _ => context.AnswerAsync(
                        StatusCodes.Status400BadRequest,
                        "The ids of several deployments begin so; write more of it"
                    ),
                }
        );

    private Task ServicesAsync(HttpContext context) =>
        access.OpenAsync(
            context,
            (desk, caller, _) =>
            {
                var services = current
                    .Snapshot.Services.Values.Where(service => caller.MaySee(service.Name))
                    .OrderBy(service => service.Name, StringComparer.Ordinal)
                    .ToList();
                var live = desk.Live([.. services.Select(service => service.Name)])
                    .ToDictionary(entry => entry.Service, StringComparer.Ordinal);
                return context.AnswerAsync(
                    StatusCodes.Status200OK,
                    new ServiceListJson([
                        .. services.Select(service =>
                            JsonOf(
                                desk,
                                service,
                                live.GetValueOrDefault(service.Name),
                                caller.SeesAll ? CredentialJson.Of(service, uses) : null
                            )
                        ),
                    ]),
                    Answers.Json.ServiceListJson
                );
            }
        );

    /// <summary>One that is configured, or has a history that the admin may see.</summary>
    private bool IsThere(Desk desk, Caller caller, string service) =>
        caller.MaySee(service)
        && (
            current.Snapshot.Services.ContainsKey(service)
            || desk.List(new DeploymentFilter([service], Status: null, Before: null, Limit: 1)).Count > 0
        );

    /// <summary>The same for one that is another's: only names of the caller's own are told.</summary>
    private Task AnswerNoServiceAsync(HttpContext context, Caller caller, string service)
    {
        var nearest = current.Snapshot.NearestService(service, caller.MaySee);
        return context.AnswerAsync(
            StatusCodes.Status404NotFound,
            "There is no such service" + (nearest is null ? "" : $"; did you mean \"{nearest}\"?")
        );
    }

    private static string? Complaint(ArgumentCollection query, HistoryQuery wish) =>
        !query.IsText ? "The query is not valid UTF-8, or holds a NUL character"
        : wish.Complaint is { } complaint ? complaint
        : query.Find("limit").Count > 0 && Limit(query) is null
            ? $"\"limit\" must be a whole number from 1 to {MaximumLimit}"
        : null;

    /// <summary>Of an argument, the first; null when it is not said.</summary>
    private static string? Said(ArgumentCollection query, string name) =>
        query.Find(name) is (> 0, var text) ? text : null;

    /// <summary>Null when it is not said, or not understood. More than may be is as much as may be.</summary>
    private static int? Limit(ArgumentCollection query) =>
        int.TryParse(query.Find("limit").First, NumberStyles.None, CultureInfo.InvariantCulture, out var limit)
        && limit > 0
            ? Math.Min(limit, MaximumLimit)
            : null;

    /// <param name="desk">Knows what runs.</param>
    /// <param name="service">Of the configuration.</param>
    /// <param name="live">Null where none succeeded.</param>
    /// <param name="tokens">Null for who may not know of them.</param>
    private ServiceJson JsonOf(
        Desk desk,
        ServiceConfiguration service,
        DeploymentEntry? live,
        IReadOnlyList<CredentialJson>? tokens
    )
    {
        var policy = service.Plan.Queue;
        var (running, queued) = desk.Load(service.Name);
        return new ServiceJson(
            service.Name,
            service.Plan.Secrets.Masked(service.Plan.Folder),
            [.. service.Plan.Steps.Select(step => service.Plan.Secrets.Masked(step.Source))],
            policy.Parallel,
            policy.WhenBusy.ToString().ToLowerInvariant(),
            policy.MaximumWaiting,
            policy.AnswersAtOnce ? "accepted" : "wait",
            running,
            queued,
            PauseJson.Of(desk.PauseOf(service.Name)),
            live is null ? null : LiveJson.Of(live),
            DeploymentJson.UnlessEmpty<string>([
                .. service.NextRuns(time.GetUtcNow()).Select(due => DeploymentJson.TimeOf(due)!),
            ]),
            tokens
        );
    }
}
