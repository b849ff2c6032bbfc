using System.Globalization;
using AspNetCoreGeneratedDocument;
using Microsoft.AspNetCore.Http;
using ThinDeployer.Deployments;
using ThinDeployer.Http;

namespace ThinDeployer.Pages;

/// <summary><c>/ui/deployments</c>: what was deployed, of all services.</summary>
internal sealed class DeploymentsPage(PageAccess access) : IRouteGroup
{
    /// <summary>Deployments on one page.</summary>
    internal const int Most = 50;

    private static readonly HashSet<string> Arguments = new(StringComparer.Ordinal)
    {
        "service",
        "status",
        "who",
        "since",
        "before",
    };

    public IReadOnlyList<RouteEntry> Routes =>
        [new("ui/deployments", ["GET"], (context, _) => access.OpenAsync(context, Arguments, ShowAsync))];

    private static Task ShowAsync(Visit visit)
    {
        var wish = new HistoryWish(
            visit.Argument("service"),
            visit.Argument("status"),
            visit.Argument("who"),
            visit.Argument("since"),
            visit.Argument("before")
        );
        var query = HistoryQuery.Of(Said(wish.Status), Said(wish.Since));
        var page = query.Complaint is null ? visit.Desk.List(FilterOf(visit, wish, query)) : [];
        var model = new DeploymentsModel(
            visit.Frame with
            {
                Title = "Deployments",
                Part = "deployments",
                Events = wish.Before.Length == 0 && query.Complaint is null ? visit.Events : null,
            },
            visit,
            wish,
            [.. visit.Services.Select(service => service.Name)],
            query.Complaint,
            page
        );
        return PageAnswer.WriteAsync(
            visit.Context,
            new Pages_Templates_Deployments { Model = model },
            query.Complaint is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest
        );
    }

    private static DeploymentFilter FilterOf(Visit visit, HistoryWish wish, HistoryQuery query)
    {
        IReadOnlyCollection<string>? services =
            wish.Service.Length == 0 ? visit.Caller.Services
            : visit.Caller.MaySee(wish.Service) ? [wish.Service]
            : [];
        return new DeploymentFilter(services, query.Status, Said(wish.Before), Most)
        {
            Who = Said(wish.Who),
            Since = query.Since,
        };
    }

    /// <summary>A form sends its empty fields, too.</summary>
    private static string? Said(string text) => text.Length > 0 ? text : null;
}

/// <summary>What of the history is wanted; empty texts for all.</summary>
internal sealed record HistoryWish(string Service, string Status, string Who, string Since, string Before)
{
    internal bool IsAll => Service.Length + Status.Length + Who.Length + Since.Length == 0;

    /// <summary>Whether a field for days can show it.</summary>
    internal bool IsSinceDay =>
        Since.Length == 0
        || DateOnly.TryParseExact(Since, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _);

    /// <summary>The query for the next page.</summary>
    internal string After(string id) =>
        "?" + string.Join('&', Pairs(id).Where(pair => pair.Value.Length > 0).Select(Pair));

    private IEnumerable<(string Name, string Value)> Pairs(string before) =>
        [("service", Service), ("status", Status), ("who", Who), ("since", Since), ("before", before)];

    private static string Pair((string Name, string Value) pair) => $"{pair.Name}={Uri.EscapeDataString(pair.Value)}";
}

/// <param name="Services">Names to choose from.</param>
/// <param name="Complaint">What is not understood; null where all is.</param>
internal sealed record DeploymentsModel(
    Frame Frame,
    Visit Visit,
    HistoryWish Wish,
    IReadOnlyList<string> Services,
    string? Complaint,
    IReadOnlyList<SeenDeployment> Page
) : IPageModel;
