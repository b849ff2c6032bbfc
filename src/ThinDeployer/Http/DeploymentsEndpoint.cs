using System.Globalization;
using Microsoft.AspNetCore.Http;
using ThinDeployer.Configuration;
using ThinDeployer.Deployments;

namespace ThinDeployer.Http;

/// <summary>History, state and log of deployments, and the services, for who may see them.</summary>
internal sealed class DeploymentsEndpoint(ServerSettings settings, CurrentConfiguration current, EngineRoom engine)
{
    private const int DefaultLimit = 50;
    private const int MaximumLimit = 200;

    private static readonly HashSet<string> Arguments = new(StringComparer.Ordinal)
    {
        "service",
        "status",
        "limit",
        "before",
    };

    internal Task ListAsync(HttpContext context) =>
        OpenAsync(
            context,
            (open, viewer, query) =>
            {
                var service = query.Find("service");
                var status = query.Find("status");
                var before = query.Find("before");
                if (Complaint(query) is { } complaint)
                {
                    return context.AnswerAsync(StatusCodes.Status400BadRequest, complaint);
                }

                if (service.Count > 0 && !viewer.MaySee(service.First))
                {
                    return AnswerNothingAsync(context);
                }

                var filter = new DeploymentFilter(
                    service.Count > 0 ? [service.First]
                        : viewer.IsAdmin ? null
                        : viewer.Services,
                    status.Count > 0 ? DeploymentStatuses.Parse(status.First) : null,
                    before.Count > 0 ? before.First : null,
                    Limit(query) ?? DefaultLimit
                );
                var page = open.Record.List(filter).Select(entry => JsonOf(open, entry));
                return context.AnswerAsync(
                    StatusCodes.Status200OK,
                    new DeploymentListJson([.. page]),
                    Answers.Json.DeploymentListJson
                );
            }
        );

    internal Task ShowAsync(HttpContext context, string id) =>
        FoundAsync(
            context,
            id,
            (open, entry) =>
                context.AnswerAsync(StatusCodes.Status200OK, JsonOf(open, entry), Answers.Json.DeploymentJson)
        );

    internal Task LogAsync(HttpContext context, string id) =>
        FoundAsync(
            context,
            id,
            (open, entry) =>
            {
                context.Response.ContentType = "text/plain; charset=utf-8";
                return LogReader.ReadAsync(
                    ContentOf(open, entry),
                    piece => context.Response.Body.WriteAsync(piece, context.RequestAborted),
                    context.RequestAborted
                );
            }
        );

    internal Task ServicesAsync(HttpContext context) =>
        OpenAsync(
            context,
            (open, viewer, _) =>
            {
                var services = current
                    .Snapshot.Services.Values.Where(service => viewer.MaySee(service.Name))
                    .OrderBy(service => service.Name, StringComparer.Ordinal)
                    .Select(service => JsonOf(open, service));
                return context.AnswerAsync(
                    StatusCodes.Status200OK,
                    new ServiceListJson([.. services]),
                    Answers.Json.ServiceListJson
                );
            }
        );

    /// <summary>The one door to all that is shown here.</summary>
    private async Task OpenAsync(HttpContext context, Func<OpenEngine, Viewer, ArgumentCollection, Task> answer)
    {
        var configuration = current.Snapshot;
        var query = new ArgumentCollection(Arguments);
        UrlEncoded.ReadQuery(context.Request, query);
        var viewer = Gatekeeper.ViewerOf(
            context.Request.Headers,
            query,
            settings.AdminToken,
            configuration.IsUsable ? configuration.Services.Values : []
        );
        if (viewer is null)
        {
            await context.AnswerAsync(StatusCodes.Status403Forbidden, Gatekeeper.InvalidToken);
        }
        else if (engine.Open is not { } open)
        {
            await context.AnswerLaterAsync(engine.WhyClosed);
        }
        else
        {
            await answer(open, viewer, query);
        }
    }

    private Task FoundAsync(HttpContext context, string id, Func<OpenEngine, DeploymentEntry, Task> answer) =>
        OpenAsync(
            context,
            (open, viewer, _) =>
                open.Record.Find(id) is { } entry && viewer.MaySee(entry.Service)
                    ? answer(open, entry)
                    : AnswerNothingAsync(context)
        );

    private static string? Complaint(ArgumentCollection query)
    {
        if (!query.IsText)
        {
            return "The query is not valid UTF-8, or holds a NUL character";
        }

        if (query.Find("status") is { Count: > 0 } status && DeploymentStatuses.Parse(status.First) is null)
        {
            var known = string.Join(", ", Enum.GetValues<DeploymentStatus>().Select(value => value.Name()));
            return $"\"status\" must be one of: {known}";
        }

        return query.Find("limit").Count > 0 && Limit(query) is null
            ? $"\"limit\" must be a whole number from 1 to {MaximumLimit}"
            : null;
    }

    /// <summary>Null when it is not said, or not understood. More than may be is as much as may be.</summary>
    private static int? Limit(ArgumentCollection query) =>
        int.TryParse(query.Find("limit").First, NumberStyles.None, CultureInfo.InvariantCulture, out var limit)
        && limit > 0
            ? Math.Min(limit, MaximumLimit)
            : null;

    private static DeploymentJson JsonOf(OpenEngine open, DeploymentEntry entry) =>
        DeploymentJson.Of(
            entry,
            entry.Status is DeploymentStatus.Queued ? open.Queue.QueuedAhead(entry.Service, entry.Id) : null
        );

    private static ServiceJson JsonOf(OpenEngine open, ServiceConfiguration service)
    {
        var policy = service.Plan.Queue;
        var (running, queued) = open.Queue.Load(service.Name);
        return new ServiceJson(
            service.Name,
            service.Plan.Folder,
            [.. service.Plan.Steps.Select(step => step.Source)],
            policy.Parallel,
            policy.WhenBusy.ToString().ToLowerInvariant(),
            policy.MaximumWaiting,
            policy.AnswersAtOnce ? "accepted" : "wait",
            running,
            queued
        );
    }

    private static LogContent ContentOf(OpenEngine open, DeploymentEntry entry)
    {
        if (open.Queue.Find(entry.Service, entry.Id) is { } live)
        {
            return live.Log.Content;
        }

        // It may have ended since it was read.
        entry = open.Record.Find(entry.Id) ?? entry;
        return entry.InlineLog is { } inline
            ? new LogContent.Inline(inline)
            : new LogFiles(open.Record.LogFolder, entry.Id).Content();
    }

    private static Task AnswerNothingAsync(HttpContext context) =>
        context.AnswerAsync(StatusCodes.Status404NotFound, "There is no such deployment");
}
