using Microsoft.AspNetCore.Http;
using ThinDeployer.Audit;
using ThinDeployer.Configuration;
using ThinDeployer.Deployments;
using ThinDeployer.Security;

namespace ThinDeployer.Http;

/// <summary>
/// <c>/deployments/{id}/approve</c> and <c>/reject</c>, for what waits; <c>/services/{name}/pause</c> and <c>/resume</c>.
/// </summary>
internal sealed class DecisionEndpoint(
    DeskAccess access,
    EngineRoom engine,
    CurrentConfiguration current,
    AuditTrail audit,
    TimeProvider time
) : IRouteGroup
{
    private const string Reason = "reason";
    private const string Until = "until";
    private const string Mode = "mode";

    private static readonly HashSet<string> OfDecision = new(StringComparer.Ordinal) { Reason };
    private static readonly HashSet<string> OfPause = new(StringComparer.Ordinal) { Reason, Until, Mode };

    public IReadOnlyList<RouteEntry> Routes =>
        [
            new("deployments/{id}/approve", ["POST"], (context, id) => DecideAsync(context, id, approves: true)),
            new("deployments/{id}/reject", ["POST"], (context, id) => DecideAsync(context, id, approves: false)),
            new("services/{name}/pause", ["POST"], PauseAsync),
            new("services/{name}/resume", ["POST"], ResumeAsync),
        ];

    private Task DecideAsync(HttpContext context, string id, bool approves) =>
        access.ActAsync(
            context,
            id,
            Rights.Approve,
            async (desk, caller, admission, entry) =>
            {
                if (await ActionArguments.ReadAsync(context, OfDecision, entry.Service) is { } arguments)
                {
                    await DecideAsync(
                        context,
                        desk,
                        caller,
                        entry,
                        DecisionOf(context, admission, arguments),
                        approves
                    );
                }
            }
        );

    private async Task DecideAsync(
        HttpContext context,
        Desk desk,
        Caller caller,
        DeploymentEntry entry,
        GateDecision decision,
        bool approves
    )
    {
        var decisions = engine.Open!.Decisions;
        var answer =
            desk.Waiting(entry) is not { } waiting ? await desk.DecideBatchAsync(entry, decision, approves)
            : approves ? await decisions.ApproveAsync(waiting, decision, caller.IsAdmin)
            : await decisions.RejectAsync(waiting, decision, caller.IsAdmin);
        var now = desk.Find(entry.Id) ?? entry;
        Note(context, entry, decision, approves, answer);
        switch (answer)
        {
            case DecisionAnswer.Done when !caller.MaySee(entry.Service):
                await context.AnswerAsync(
                    StatusCodes.Status200OK,
                    new BusyJson($"The deployment is {now.Status.Name()}", entry.Service, entry.Id),
                    Answers.Json.BusyJson
                );
                break;
            case DecisionAnswer.Done:
                await context.AnswerAsync(
                    StatusCodes.Status200OK,
                    DeploymentJson.Of(desk.Whole(now)),
                    Answers.Json.DeploymentJson
                );
                break;
            case DecisionAnswer.Refused(var why):
                await context.AnswerAsync(StatusCodes.Status403Forbidden, why, entry.Service);
                break;
            case DecisionAnswer.NeedsReason:
                await context.AnswerAsync(
                    StatusCodes.Status400BadRequest,
                    "This deployment waits for a window to open; to let it begin before, give a \"reason\"",
                    entry.Service
                );
                break;
            case DecisionAnswer.NotSaved(var why):
                await context.AnswerLaterAsync($"The decision can't be recorded: {why}", entry.Service);
                break;
            default:
                var message =
                    answer is DecisionAnswer.Repeated
                        ? "You approved this deployment before; somebody else must, too"
                        : $"Nobody needs to decide about this deployment: it is {now.Status.Name()}";
                await context.AnswerAsync(
                    StatusCodes.Status409Conflict,
                    new BusyJson(message, now.Service, now.Id),
                    Answers.Json.BusyJson
                );
                break;
        }
    }

    private void Note(
        HttpContext context,
        DeploymentEntry entry,
        GateDecision decision,
        bool approves,
        DecisionAnswer answer
    ) =>
        audit.Note(
            context,
            decision.Who,
            approves ? AuditAction.Approve : AuditAction.Reject,
            entry.Service,
            entry.Id,
            answer switch
            {
                DecisionAnswer.Done => AuditResult.Accepted,
                DecisionAnswer.NotSaved => AuditResult.Failed,
                _ => AuditResult.Refused,
            },
            answer switch
            {
                DecisionAnswer.Refused(var why) => why,
                DecisionAnswer.NotSaved(var why) => why,
                _ => decision.Reason,
            }
        );

    private Task PauseAsync(HttpContext context, string name) =>
        OpenServiceAsync(
            context,
            name,
            OfPause,
            async (desk, admission, arguments) =>
            {
                var mode = arguments.Find(Mode) ?? "queue";
                if (mode is not ("queue" or "refuse"))
                {
                    await context.AnswerAsync(StatusCodes.Status400BadRequest, "\"mode\" must be queue or refuse");
                }
                else if (!Pause.TryUntil(arguments.Find(Until), time.GetUtcNow(), out var until))
                {
                    await context.AnswerAsync(
                        StatusCodes.Status400BadRequest,
                        "\"until\" must be a duration such as 2h, or a time to come such as 2026-12-24T18:00:00Z"
                    );
                }
                else
                {
                    var by = DecisionOf(context, admission, arguments);
                    await SetAsync(context, desk, name, by, new Pause(by, until, mode == "refuse"));
                }
            }
        );

    private Task ResumeAsync(HttpContext context, string name) =>
        OpenServiceAsync(
            context,
            name,
            OfDecision,
            (desk, admission, arguments) =>
                SetAsync(context, desk, name, DecisionOf(context, admission, arguments), pause: null)
        );

    private async Task SetAsync(HttpContext context, Desk desk, string name, GateDecision by, Pause? pause)
    {
        var action = pause is null ? AuditAction.Resume : AuditAction.Pause;
        try
        {
            await engine.Open!.Queue.PauseAsync(name, pause);
            audit.Note(context, by.Who, action, name, reason: by.Reason);
        }
        catch (RecordUnavailableException exception)
        {
            audit.Note(context, by.Who, action, name, result: AuditResult.Failed, reason: exception.Message);
            await context.AnswerLaterAsync($"That can't be recorded: {exception.Message}", name);
            return;
        }

        await context.AnswerAsync(
            StatusCodes.Status200OK,
            new PausedJson(name, PauseJson.Of(desk.PauseOf(name))),
            Answers.Json.PausedJson
        );
    }

    private Task OpenServiceAsync(
        HttpContext context,
        string name,
        IReadOnlySet<string> names,
        Func<Desk, Admission, ActionArguments, Task> act
    ) =>
        access.ActOnAsync(
            context,
            name,
            Rights.Pause,
            async (desk, _, admission) =>
            {
                if (name != Pause.All && !current.Snapshot.Services.ContainsKey(name))
                {
                    await context.AnswerAsync(StatusCodes.Status404NotFound, "Cannot find service", name);
                }
                else if (await ActionArguments.ReadAsync(context, names, name) is { } arguments)
                {
                    await act(desk, admission, arguments);
                }
            }
        );

    private GateDecision DecisionOf(HttpContext context, Admission admission, ActionArguments arguments)
    {
        var address = context.Client().Address?.ToString();
        return GateDecision.Of(
            admission.Who ?? address ?? "unknown",
            address,
            time.GetUtcNow(),
            arguments.Find(Reason)
        );
    }
}

/// <summary>The answer to a pause, and to its end.</summary>
/// <param name="Paused">Null where it goes on.</param>
internal sealed record PausedJson(string Service, PauseJson? Paused);
