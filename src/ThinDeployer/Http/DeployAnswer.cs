using System.Globalization;
using Microsoft.AspNetCore.Http;
using ThinDeployer.Deployments;

namespace ThinDeployer.Http;

/// <summary>The answer to a call that was let in: at once, or with the end of its deployment.</summary>
/// <param name="intake">Keeps what was decided.</param>
/// <param name="circles">Told of what waits.</param>
/// <param name="pathBase">Below which all paths are; empty for none.</param>
/// <param name="longestWait">After it, an answer says that the deployment still runs; null for no such limit.</param>
internal sealed class DeployAnswer(
    EngineRoom engine,
    Intake intake,
    Circles circles,
    string pathBase,
    TimeSpan? longestWait,
    TimeProvider time
)
{
    /// <summary>Answers, when the deployment has ended if that is to be waited for.</summary>
    internal async Task WriteAsync(HttpContext context, Entered entered)
    {
        var (service, plan, answer, delivery, answersAtOnce) = entered;
        using var hold = answer.DeploymentId is { } id ? Desk.HoldOutput(id) : null;
        if (answer.Decision is { } decision)
        {
            RequestNote.Leave(context, decision);
            await intake.KeepAsync(delivery?.Decided(decision, answer.DeploymentId), plan);
        }

        switch (answer)
        {
            case QueueAnswer.Accepted(var deployment):
                await AnswerAcceptedAsync(context, deployment, answersAtOnce);
                break;
            case QueueAnswer.Repeated(_, { } live):
                await AnswerAcceptedAsync(context, live, answersAtOnce);
                break;
            case QueueAnswer.Repeated(var before, null):
                await AnswerEndedAsync(context, service, plan, before, answersAtOnce);
                break;
            case QueueAnswer.Busy(var running):
                await context.AnswerAsync(
                    StatusCodes.Status409Conflict,
                    new BusyJson("A deployment of this service runs already", service, running),
                    Answers.Json.BusyJson
                );
                break;
            case QueueAnswer.Full:
                await context.AnswerLaterAsync("Too many deployments of this service wait already", service);
                break;
            case QueueAnswer.Outside(var opensAt):
                await AnswerClosedAsync(
                    context,
                    service,
                    "This service is not deployed now: " + WaitJson.OutsideOf(opensAt),
                    opensAt
                );
                break;
            case QueueAnswer.Paused(var pause):
                await AnswerClosedAsync(
                    context,
                    service,
                    "This service takes no deployments: it is " + PauseJson.Sentence(pause),
                    pause.Until
                );
                break;
            case QueueAnswer.NotSaved(var reason):
                await context.AnswerLaterAsync($"The deployment can't be recorded: {reason}", service);
                break;
            case QueueAnswer.Closed(var reason):
                await context.AnswerLaterAsync(reason, service);
                break;
            default:
                throw new InvalidOperationException("The queue gave an answer that is not known.");
        }
    }

    private Desk Desk => engine.Open!.Desk;

    private static Task AnswerClosedAsync(HttpContext context, string service, string message, DateTimeOffset? opensAt)
    {
        if (opensAt is { } at)
        {
            // An HTTP-date (RFC 9110, section 5.6.7).
            context.Response.Headers.RetryAfter = at.ToString("R", CultureInfo.InvariantCulture);
        }

        return context.AnswerAsync(
            StatusCodes.Status409Conflict,
            new ClosedJson(message, service, DeploymentJson.TimeOf(opensAt)),
            Answers.Json.ClosedJson
        );
    }

    private async Task AnswerAcceptedAsync(HttpContext context, Deployment deployment, bool answersAtOnce)
    {
        var wish = Begin(context, deployment.Id, deployment.Plan, answersAtOnce);
        var wantsText = WantsText(context, wish);
        circles.Tell(context, Desk, deployment, waits: wish.Limit == longestWait || wantsText);
        var waitsFor = Desk.WhyWaits(deployment);
        var wait = WaitJson.Of(waitsFor);
        if (wantsText && TextStream.BreakIsSeen(context.Request))
        {
            var lead = wait is null ? "" : $" # Deployment {deployment.Id} {wait.Message}\n";
            await StreamAsync(context, deployment.Id, deployment.Service, FollowedOutput.Of(deployment), lead);
            return;
        }

        // Nobody holds a connection for as long as people, or a night, may take.
        var limit =
            wait is not null ? TimeSpan.Zero
            : wantsText ? longestWait
            : wish.Limit;
        if (await EndAsync(deployment, limit, context.RequestAborted) is { } result)
        {
            await AnswerEndAsync(context, deployment.Plan, deployment.Service, result, wantsText);
            return;
        }

        await context.AnswerAsync(
            StatusCodes.Status202Accepted,
            AcceptedJson.Of(deployment, Desk.QueuedAhead(deployment), waitsFor),
            Answers.Json.AcceptedJson
        );
    }

    /// <summary>Answers with a deployment that has succeeded before, as it was answered then.</summary>
    private async Task AnswerEndedAsync(
        HttpContext context,
        string service,
        DeploymentPlan plan,
        string id,
        bool answersAtOnce
    )
    {
        var wish = Begin(context, id, plan, answersAtOnce);
        var entry = Desk.Find(id);
        var wantsText = WantsText(context, wish);
        if (entry is not null && wantsText && TextStream.BreakIsSeen(context.Request))
        {
            await StreamAsync(context, id, service, FollowedOutput.Of(Desk.Kept(entry)), lead: "");
        }
        else if (entry is not null && (wantsText || wish.Limit != TimeSpan.Zero))
        {
            await AnswerEndAsync(context, plan, service, Desk.Kept(entry), wantsText);
        }
        else
        {
            await context.AnswerAsync(
                StatusCodes.Status202Accepted,
                AcceptedJson.OfSucceeded(id, entry),
                Answers.Json.AcceptedJson
            );
        }
    }

    private Task AnswerEndAsync(
        HttpContext context,
        DeploymentPlan plan,
        string service,
        DeploymentResult result,
        bool asText
    ) =>
        asText
            ? TextStream.WriteEndedAsync(context, service, result)
            : ResultAnswer.WriteAsync(context, result, plan.Rollout is null ? [] : Desk.Machines(result.Entry));

    private Preference Begin(HttpContext context, string id, DeploymentPlan plan, bool answersAtOnce)
    {
        var headers = context.Response.Headers;
        var wish = Preference.Of(context.Request.Headers["Prefer"], answersAtOnce, longestWait);
        headers["X-Runs-As"] = plan.Common.UserName;
        headers["X-Deployment-Id"] = id;
        headers.Location = $"{pathBase}/deployments/{id}";
        if (wish.Applied is not null)
        {
            headers["Preference-Applied"] = wish.Applied;
        }

        return wish;
    }

    private static bool WantsText(HttpContext context, Preference wish) =>
        wish.Applied is null && AcceptHeader.Prefers(context.Request, TextStream.ContentType);

    private Task StreamAsync(HttpContext context, string id, string service, FollowedOutput log, string lead)
    {
        context.Response.StatusCode = StatusCodes.Status202Accepted;
        return TextStream.WriteWithEndAsync(
            context,
            id,
            service,
            log,
            lead,
            longestWait ?? Timeout.InfiniteTimeSpan,
            time
        );
    }

    /// <summary>
    /// Null when it takes longer than the client or the host waits, or when the server ends before. A client that goes
    /// away ends its answer, not the deployment.
    /// </summary>
    private async Task<DeploymentResult?> EndAsync(
        Deployment deployment,
        TimeSpan? limit,
        CancellationToken cancellationToken
    )
    {
        if (limit == TimeSpan.Zero)
        {
            return null;
        }

        try
        {
            return await deployment.End.WaitAsync(limit ?? Timeout.InfiniteTimeSpan, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            return null;
        }
    }
}
