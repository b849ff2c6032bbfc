using System.Globalization;
using Microsoft.AspNetCore.Http;
using ThinDeployer.Audit;

namespace ThinDeployer.Http;

/// <summary><c>/audit</c>: who did what, for who may see all.</summary>
internal sealed class AuditEndpoint(DeskAccess access, AuditTrail trail) : IRouteGroup
{
    private const int DefaultLimit = 50;

    internal const int MaximumLimit = 200;

    public IReadOnlyList<RouteEntry> Routes => [new("audit", ["GET"], (context, _) => ListAsync(context))];

    private Task ListAsync(HttpContext context) =>
        access.OpenAsync(
            context,
            (_, caller, query) =>
                !caller.SeesAll
                    ? context.AnswerAsync(StatusCodes.Status404NotFound, "This token does not open the audit")
                : FilterOf(query) is (var filter, null) ? AnswerAsync(context, filter)
                : context.AnswerAsync(StatusCodes.Status400BadRequest, FilterOf(query).Complaint!)
        );

    /// <summary>What is asked for, by the API and by the page alike; and what is not understood, null where all is.</summary>
    internal static (AuditFilter Filter, string? Complaint) FilterOf(ArgumentCollection query)
    {
        var what = Said(query, "what");
        var wish = HistoryQuery.Of(status: null, Said(query, "since"));
        var before = Number(query, "before");
        var limit = Number(query, "limit");
        var complaint =
            !query.IsText ? "The query is not valid UTF-8, or holds a NUL character"
            : wish.Complaint is { } found ? found
            : what is not null && !AuditAction.All.Contains(what, StringComparer.Ordinal)
                ? $"\"what\" must be one of: {string.Join(", ", AuditAction.All)}"
            : query.Find("before").Count > 0 && before is null ? "\"before\" must be the number of an entry"
            : query.Find("limit").Count > 0 && limit is null or < 1
                ? $"\"limit\" must be a whole number from 1 to {MaximumLimit}"
            : null;
        var most = (int)Math.Clamp(limit ?? DefaultLimit, 1, MaximumLimit);
        return (new AuditFilter(Said(query, "service"), what, wish.Since, before, most), complaint);
    }

    private Task AnswerAsync(HttpContext context, AuditFilter filter) =>
        context.AnswerAsync(
            StatusCodes.Status200OK,
            new AuditListJson([.. trail.List(filter).Select(AuditJson.Of)]),
            Answers.Json.AuditListJson
        );

    /// <summary>Of an argument, the first; null when it is not said.</summary>
    private static string? Said(ArgumentCollection query, string name) =>
        query.Find(name) is (> 0, { Length: > 0 } text) ? text : null;

    /// <summary>Null where it is not said, or none.</summary>
    private static long? Number(ArgumentCollection query, string name) =>
        long.TryParse(query.Find(name).First, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;
}

/// <summary>A page of the audit.</summary>
internal sealed record AuditListJson(IReadOnlyList<AuditJson> Audit);

internal sealed record AuditJson(
    long Number,
    string At,
    string What,
    string Result,
    string? Who,
    string? Address,
    string? Service,
    string? DeploymentId,
    string? Reason
)
{
    internal static AuditJson Of(KeptAuditEntry kept) =>
        new(
            kept.Number,
            DeploymentJson.TimeOf(kept.At)!,
            kept.Entry.What,
            kept.Entry.Result,
            kept.Entry.Who,
            kept.Entry.Address,
            kept.Entry.Service,
            kept.Entry.DeploymentId,
            kept.Entry.Reason
        );
}
