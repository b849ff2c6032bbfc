using Microsoft.AspNetCore.Http;
using ThinDeployer.Deployments;
using ThinDeployer.Security;

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
        "machine",
    };

    /// <summary>Answers who may see something, which is asked of the caller then.</summary>
    internal Task OpenAsync(HttpContext context, Func<Desk, Caller, ArgumentCollection, Task> answer) =>
        EnterAsync(
            context,
            (desk, caller, query) =>
                caller.Services is { Count: 0 }
                    ? Refusals.AnswerAsync(context, new GateAnswer.Lacks(Rights.Read, caller.Credential))
                    : answer(desk, caller, query)
        );

    /// <summary>Answers who may see one deployment, as it stands.</summary>
    internal Task FindAsync(
        HttpContext context,
        string id,
        Func<Desk, Caller, ArgumentCollection, DeploymentEntry, Task> answer
    ) =>
        EnterAsync(
            context,
            (desk, caller, query) =>
                desk.Find(id) is not { } entry ? AnswerNothingAsync(context)
                : caller.MaySee(entry.Service) ? answer(desk, caller, query, entry)
                : RefuseAsync(context, caller, entry.Service, Rights.Read)
        );

    /// <summary>Answers who may do something to one deployment. He need not be able to see it.</summary>
    /// <param name="context">To answer.</param>
    /// <param name="id">Of the deployment.</param>
    /// <param name="right">What it takes.</param>
    /// <param name="act">Does it, and answers.</param>
    internal Task ActAsync(
        HttpContext context,
        string id,
        Rights right,
        Func<Desk, Caller, Admission, DeploymentEntry, Task> act
    ) =>
        EnterAsync(
            context,
            (desk, caller, _) =>
                desk.Find(id) is not { } entry ? AnswerNothingAsync(context)
                : caller.AdmissionTo(entry.Service, right) is { } admission ? act(desk, caller, admission, entry)
                : RefuseAsync(context, caller, entry.Service, right)
        );

    /// <summary>Answers who may do something to a service, whether that is configured or not.</summary>
    /// <param name="context">To answer.</param>
    /// <param name="service">Its name.</param>
    /// <param name="right">What it takes.</param>
    /// <param name="act">Does it, and answers.</param>
    internal Task ActOnAsync(
        HttpContext context,
        string service,
        Rights right,
        Func<Desk, Caller, Admission, Task> act
    ) =>
        EnterAsync(
            context,
            (desk, caller, _) =>
                caller.AdmissionTo(service, right) is { } admission ? act(desk, caller, admission)
                : caller.WhyNot(service, right) is { } whyNot ? Refusals.AnswerAsync(context, whyNot, service)
                : context.AnswerAsync(StatusCodes.Status404NotFound, "Cannot find service", service)
        );

    internal static Task AnswerNothingAsync(HttpContext context) =>
        context.AnswerAsync(StatusCodes.Status404NotFound, "There is no such deployment");

    /// <summary>Answers who may not do this to a deployment.</summary>
    /// <param name="context">To answer.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="service">Of the deployment; null where there is none.</param>
    /// <param name="right">What it takes.</param>
    internal static Task RefuseAsync(HttpContext context, Caller caller, string? service, Rights right) =>
        service is not null && caller.WhyNot(service, right) is { } whyNot
            ? Refusals.AnswerAsync(context, whyNot, service)
            : AnswerNothingAsync(context);

    private async Task EnterAsync(HttpContext context, Func<Desk, Caller, ArgumentCollection, Task> answer)
    {
        var query = new ArgumentCollection(Arguments);
        UrlEncoded.ReadQuery(context.Request, query);
        var decision = await door.EnterAsync(context, query);
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
}
