using Microsoft.AspNetCore.Http;
using ThinDeployer.Configuration;
using ThinDeployer.Deployments;
using ThinDeployer.Security;

namespace ThinDeployer.Http;

/// <summary>The one door to history, logs, services, and to all that is done to a deployment that there is.</summary>
internal sealed class ViewerDoor(
    HttpSettings settings,
    CurrentConfiguration current,
    FailureLimiter failures,
    EngineRoom engine
)
{
    /// <summary>Where failures count behind an undeclared proxy; no service can be called so.</summary>
    private const string Place = "/deployments";

    private static readonly HashSet<string> Arguments = new(StringComparer.Ordinal)
    {
        "service",
        "status",
        "limit",
        "before",
        "follow",
    };

    internal async Task OpenAsync(HttpContext context, Func<OpenEngine, Viewer, ArgumentCollection, Task> answer)
    {
        var configuration = current.Snapshot;
        var query = new ArgumentCollection(Arguments);
        UrlEncoded.ReadQuery(context.Request, query);
        if (ForeignSite.MayHaveSentToken(context.Request, query))
        {
            await ForeignSite.RefuseAsync(context);
            return;
        }

        var viewer = Viewer.Of(
            context.Request.Headers,
            query,
            settings.AdminToken,
            configuration.IsUsable ? configuration.Services.Values : []
        );
        var key = context.Client().KeyAt(Place);
        if (failures.Judge(key, viewer is not null, viewer?.CanBeGuessed == true) is { } seconds)
        {
            await context.AnswerTooManyAsync(seconds);
        }
        else if (viewer is null)
        {
            var offered = OfferedTokens.Of(context.Request.Headers, query, tokenHeader: null);
            RequestNote.Leave(context, OfferedTokens.WhyRefused(offered));
            await context.AnswerAsync(StatusCodes.Status403Forbidden, Gatekeeper.InvalidToken);
        }
        else if (engine.Open is not { } open)
        {
            RequestNote.LetIn(context, viewer.Credential);
            await context.AnswerLaterAsync(engine.WhyClosed);
        }
        else
        {
            RequestNote.LetIn(context, viewer.Credential);
            await answer(open, viewer, query);
        }
    }

    /// <summary>As above, for one deployment.</summary>
    internal Task FindAsync(
        HttpContext context,
        string id,
        Func<OpenEngine, Viewer, ArgumentCollection, DeploymentEntry, Task> answer
    ) =>
        OpenAsync(
            context,
            (open, viewer, query) =>
                open.Record.Find(id) is { } entry && viewer.MaySee(entry.Service)
                    ? answer(open, viewer, query, entry)
                    : AnswerNothingAsync(context)
        );

    internal static Task AnswerNothingAsync(HttpContext context) =>
        context.AnswerAsync(StatusCodes.Status404NotFound, "There is no such deployment");
}
