using AspNetCoreGeneratedDocument;
using ThinDeployer.Audit;
using ThinDeployer.Http;

namespace ThinDeployer.Pages;

/// <summary><c>/ui/audit</c>: who did what, for who may see all.</summary>
internal sealed class AuditPage(PageAccess access, AuditTrail trail) : IRouteGroup
{
    private static readonly HashSet<string> Arguments = new(StringComparer.Ordinal)
    {
        "service",
        "what",
        "since",
        "before",
        "limit",
    };

    public IReadOnlyList<RouteEntry> Routes =>
        [new("ui/audit", ["GET"], (context, _) => access.OpenAsync(context, Arguments, ShowAsync))];

    private async Task ShowAsync(Visit visit)
    {
        if (!visit.Caller.SeesAll)
        {
            await NothingPage.WriteAsync(visit, "This is for who may see all services");
            return;
        }

        var (filter, complaint) = AuditEndpoint.FilterOf(visit.Query);
        var model = new AuditModel(
            visit.Frame with
            {
                Title = "Audit",
                Part = "server",
            },
            visit,
            filter,
            complaint,
            complaint is null ? trail.List(filter) : []
        );
        await PageAnswer.WriteAsync(visit.Context, new Pages_Templates_Audit { Model = model });
    }
}

/// <param name="Complaint">What of the query is not understood; null where all is.</param>
/// <param name="Entries">Newest first.</param>
internal sealed record AuditModel(
    Frame Frame,
    Visit Visit,
    AuditFilter Filter,
    string? Complaint,
    IReadOnlyList<KeptAuditEntry> Entries
) : IPageModel
{
    /// <summary>The query of what comes behind these; null where nothing does.</summary>
    internal string? Older =>
        Entries.Count < Filter.Limit
            ? null
            : "?"
                + string.Join(
                    '&',
                    new (string Name, string? Value)[]
                    {
                        ("service", Filter.Service),
                        ("what", Filter.What),
                        ("before", Shown.Number(Entries[^1].Number)),
                    }
                        .Where(pair => pair.Value is not null)
                        .Select(pair => $"{pair.Name}={Uri.EscapeDataString(pair.Value!)}")
                );
}
