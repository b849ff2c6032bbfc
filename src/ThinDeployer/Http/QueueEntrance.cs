using Microsoft.AspNetCore.Http;
using ThinDeployer.Deployments;
using ThinDeployer.Security;

namespace ThinDeployer.Http;

/// <summary>The one way from an admitted call into the queue, and its answer.</summary>
/// <param name="circles">Told of what waits.</param>
/// <param name="longestWait">After it, an answer says that the deployment still runs; null for no such limit.</param>
internal sealed class QueueEntrance(EngineRoom engine, Circles circles, TimeSpan? longestWait, TimeProvider time)
{
    /// <summary>Asks for a deployment.</summary>
    /// <returns>What is to be answered; null where it is answered already.</returns>
    internal async Task<Entered?> EnterAsync(
        HttpContext context,
        Admission admission,
        DeploymentPlan plan,
        DeploymentCall call,
        bool answersAtOnce
    )
    {
        if (engine.Open is not { } open)
        {
            await context.AnswerLaterAsync(engine.WhyClosed, admission.Service);
            return null;
        }

        if (open.Record.Outputs.Trouble() is not null)
        {
            await context.AnswerLaterAsync(
                "The output of a deployment can't be stored; the log tells more",
                admission.Service
            );
            return null;
        }

        var answer = await open.Queue.EnqueueAsync(admission, plan, call);
        return new Entered(open, admission, plan, answer, call.Origin.Delivery, answersAtOnce);
    }

    /// <summary>Answers, when the deployment has ended if that is to be waited for.</summary>
    internal async Task AnswerAsync(HttpContext context, Entered entered)
    {
        var (open, admission, plan, answer, delivery, answersAtOnce) = entered;
        using var hold = IdOf(answer) is { } id ? open.Record.HoldOutput(id) : null;
        var decided = DecisionOf(answer);
        if (decided is not null)
        {
            RequestNote.Leave(context, decided);
            await KeepAsync(delivery?.Decided(decided, IdOf(answer)), plan);
        }

        switch (answer)
        {
            case QueueAnswer.Accepted(var deployment):
                await AnswerAcceptedAsync(context, open.Queue, deployment, answersAtOnce);
                break;
            case QueueAnswer.Repeated(_, { } live):
                await AnswerAcceptedAsync(context, open.Queue, live, answersAtOnce);
                break;
            case QueueAnswer.Repeated(var before, null):
                await AnswerEndedAsync(context, open, admission, plan, before, answersAtOnce);
                break;
            case QueueAnswer.Busy(var running):
                await context.AnswerAsync(
                    StatusCodes.Status409Conflict,
                    new BusyJson("A deployment of this service runs already", admission.Service, running),
                    Answers.Json.BusyJson
                );
                break;
            case QueueAnswer.Full:
                await context.AnswerLaterAsync("Too many deployments of this service wait already", admission.Service);
                break;
            case QueueAnswer.NotSaved(var reason):
                await context.AnswerLaterAsync($"The deployment can't be recorded: {reason}", admission.Service);
                break;
            default:
                await context.AnswerLaterAsync("The server is shutting down", admission.Service);
                break;
        }
    }

    /// <summary>Keeps a request that deploys nothing. Where that can't be, nothing is lost but the picture.</summary>
    /// <param name="delivery">Null where none is kept.</param>
    /// <param name="plan">Of its service.</param>
    internal async Task KeepAsync(Delivery? delivery, DeploymentPlan plan)
    {
        if (delivery is null || engine.Open is not { } open)
        {
            return;
        }

        try
        {
            await open.Record.KeepDeliveryAsync(delivery, plan.KeepDeliveries);
        }
        catch (RecordUnavailableException)
        {
            // The record says so itself, and the answer does not depend on it.
        }
    }

    /// <summary>Of the deployment that the answer tells of.</summary>
    private static string? IdOf(QueueAnswer answer) =>
        answer switch
        {
            QueueAnswer.Accepted(var deployment) => deployment.Id,
            QueueAnswer.Repeated(var id, _) => id,
            QueueAnswer.Busy(var id) => id,
            _ => null,
        };

    /// <summary>What the record and the log call it; null for one that was accepted, which is kept with its acceptance.</summary>
    private static string? DecisionOf(QueueAnswer answer) =>
        answer switch
        {
            QueueAnswer.Repeated => "repeated",
            QueueAnswer.Busy => "busy",
            QueueAnswer.Full => "queue_full",
            _ => null,
        };

    private async Task AnswerAcceptedAsync(
        HttpContext context,
        DeploymentQueue queue,
        Deployment deployment,
        bool answersAtOnce
    )
    {
        var wish = Begin(context, deployment.Id, deployment.Plan, answersAtOnce);
        var wantsText = WantsText(context, wish);
        circles.Tell(context, queue, deployment, waits: wish.Limit == longestWait || wantsText);
        if (wantsText && TextStream.BreakIsSeen(context.Request))
        {
            await StreamAsync(context, deployment.Id, deployment.Service, FollowedOutput.Of(deployment));
            return;
        }

        var limit = wantsText ? longestWait : wish.Limit;
        if (await EndAsync(deployment, limit, context.RequestAborted) is { } result)
        {
            await AnswerEndAsync(context, deployment.Service, result, wantsText);
            return;
        }

        await context.AnswerAsync(
            StatusCodes.Status202Accepted,
            AcceptedJson.Of(queue, deployment),
            Answers.Json.AcceptedJson
        );
    }

    /// <summary>Answers with a deployment that has succeeded before, as it was answered then.</summary>
    private async Task AnswerEndedAsync(
        HttpContext context,
        OpenEngine open,
        Admission admission,
        DeploymentPlan plan,
        string id,
        bool answersAtOnce
    )
    {
        var wish = Begin(context, id, plan, answersAtOnce);
        var entry = open.Record.Find(id);
        var wantsText = WantsText(context, wish);
        if (entry is not null && wantsText && TextStream.BreakIsSeen(context.Request))
        {
            await StreamAsync(context, id, admission.Service, FollowedOutput.Of(open.Kept(entry)));
        }
        else if (entry is not null && (wantsText || wish.Limit != TimeSpan.Zero))
        {
            await AnswerEndAsync(context, admission.Service, open.Kept(entry), wantsText);
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

    private static Task AnswerEndAsync(HttpContext context, string service, DeploymentResult result, bool asText) =>
        asText ? TextStream.WriteEndedAsync(context, service, result) : ResultAnswer.WriteAsync(context, result);

    private Preference Begin(HttpContext context, string id, DeploymentPlan plan, bool answersAtOnce)
    {
        var headers = context.Response.Headers;
        var wish = Preference.Of(context.Request.Headers["Prefer"], answersAtOnce, longestWait);
        headers["X-Runs-As"] = plan.Common.UserName;
        headers["X-Deployment-Id"] = id;
        headers.Location = $"/deployments/{id}";
        if (wish.Applied is not null)
        {
            headers["Preference-Applied"] = wish.Applied;
        }

        return wish;
    }

    private static bool WantsText(HttpContext context, Preference wish) =>
        wish.Applied is null && AcceptHeader.Prefers(context.Request, TextStream.ContentType);

    private Task StreamAsync(HttpContext context, string id, string service, FollowedOutput log)
    {
        context.Response.StatusCode = StatusCodes.Status202Accepted;
        return TextStream.WriteWithEndAsync(context, id, service, log, longestWait ?? Timeout.InfiniteTimeSpan, time);
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
