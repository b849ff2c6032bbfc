using Microsoft.AspNetCore.Http;
using ThinDeployer.Deployments;

namespace ThinDeployer.Http;

/// <summary>Brings who is let in to the desk: to history, output, services, and to all that is done to a deployment that there is.</summary>
internal sealed class DeskAccess(Door door, EngineRoom engine)
{
    private static readonly HashSet<string> Arguments = new(StringComparer.Ordinal)
    {
        "service",
        "status",
        "limit",
        "before",
        "who",
        "since",
        "what",
        "follow",
        "from",
        "count",
        "line",
        "at",
        "q",
        "step",
        "download",
        "times",
    };

    internal async Task OpenAsync(HttpContext context, Func<Desk, Caller, ArgumentCollection, Task> answer)
    {
        var query = new ArgumentCollection(Arguments);
        UrlEncoded.ReadQuery(context.Request, query);
        var decision = door.Enter(context, query);
        if (decision is not GateAnswer.Admitted(var caller))
        {
            await Refusals.AnswerAsync(context, decision);
            return;
        }

        RequestNote.LetIn(context, caller.Credential);
        if (engine.Open is { Desk: var desk })
        {
            await answer(desk, caller, query);
        }
        else
        {
            await context.AnswerLaterAsync(engine.WhyClosed);
        }
    }

    /// <summary>Answers who may see one deployment, as it stands.</summary>
    internal Task FindAsync(
        HttpContext context,
        string id,
        Func<Desk, Caller, ArgumentCollection, DeploymentEntry, Task> answer
    ) =>
        OpenAsync(
            context,
            (desk, caller, query) =>
                desk.Find(id) is { } entry && caller.MaySee(entry.Service)
                    ? answer(desk, caller, query, entry)
                    : AnswerNothingAsync(context)
        );

    internal static Task AnswerNothingAsync(HttpContext context) =>
        context.AnswerAsync(StatusCodes.Status404NotFound, "There is no such deployment");
}
