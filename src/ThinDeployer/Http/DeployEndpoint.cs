using Microsoft.AspNetCore.Http;
using ThinDeployer.Configuration;
using ThinDeployer.Deployments;
using ThinDeployer.Rules;
using ThinDeployer.Security;

namespace ThinDeployer.Http;

/// <summary><c>/deploy/{service}</c>: the checks, in their order, then the deployment and its answer.</summary>
/// <param name="longestWait">After it, an answer says that the deployment still runs; null for no such limit.</param>
internal sealed class DeployEndpoint(
    ServerSettings settings,
    CurrentConfiguration current,
    EngineRoom engine,
    TimeSpan? longestWait,
    TimeProvider time
)
{
    private const string NoNeed = "Request validation returned a status that there is no need to deploy";

    internal async Task HandleAsync(HttpContext context, string name)
    {
        var configuration = current.Snapshot;
        if (!configuration.IsUsable)
        {
            await context.AnswerLaterAsync("The configuration has mistakes; the health check lists them", name);
            return;
        }

        if (!configuration.Services.TryGetValue(name, out var service))
        {
            await context.AnswerAsync(StatusCodes.Status404NotFound, "Cannot find service", name);
            return;
        }

        var request = new DeployRequest(context.Request, settings.MaximumBody, service.Plan.ArgumentNames);
        if (request.AnnouncesTooMuch)
        {
            await AnswerTooLargeAsync(context, name);
            return;
        }

        switch (await Gatekeeper.DecideAsync(service, request, context.RequestAborted))
        {
            case GateAnswer.Admitted(var admission):
                await HandleAdmittedAsync(context, service, request, admission);
                break;
            case GateAnswer.BodyTooLarge:
                await AnswerTooLargeAsync(context, name);
                break;
            default:
                await context.AnswerAsync(StatusCodes.Status403Forbidden, Gatekeeper.InvalidToken, name);
                break;
        }
    }

    private async Task HandleAdmittedAsync(
        HttpContext context,
        ServiceConfiguration service,
        DeployRequest request,
        Admission admission
    )
    {
        if (!await request.ReadBodyAsync(context.RequestAborted))
        {
            await AnswerTooLargeAsync(context, service.Name);
        }
        else if (BrokenPart(request) is { } broken)
        {
            await context.AnswerAsync(StatusCodes.Status400BadRequest, broken, service.Name);
        }
        else if (service.RequestPattern?.Search(request.Body) is { } verdict and not Verdict.Matches)
        {
            await AnswerVerdictAsync(context, service.Name, verdict);
        }
        else if (Values(service.Plan, request, out var complaint) is not { } values)
        {
            await context.AnswerAsync(StatusCodes.Status400BadRequest, complaint, service.Name);
        }
        else
        {
            var call = new DeploymentCall(
                context.Connection.RemoteIpAddress?.ToString(),
                context.Request.Method,
                values
            );
            await DeployAsync(context, admission, service.Plan, call);
        }
    }

    private static string? BrokenPart(DeployRequest request)
    {
        if (!request.Query.IsText)
        {
            return "The query is not valid UTF-8, or holds a NUL character";
        }

        if (!request.Form.IsWellFormed)
        {
            return "The form can't be read: its multipart body is broken";
        }

        return request.Form.IsText ? null : "The form is not valid UTF-8, or holds a NUL character";
    }

    private static Task AnswerVerdictAsync(HttpContext context, string service, Verdict verdict) =>
        verdict is Verdict.DoesNotMatch
            ? context.AnswerAsync(StatusCodes.Status200OK, new OutputAnswer(NoNeed), Answers.Json.OutputAnswer)
            : context.AnswerAsync(
                StatusCodes.Status400BadRequest,
                "Whether the body matches \"request_regexp\" can't be decided: it is not valid UTF-8, or takes too long",
                service
            );

    /// <summary>Null when a value breaks a rule; then <paramref name="complaint"/> says which.</summary>
    private static Dictionary<string, string>? Values(DeploymentPlan plan, DeployRequest request, out string complaint)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in plan.ArgumentNames)
        {
            if (request.SingleArgument(name) is not { } value)
            {
                continue;
            }

            if (ArgumentRule.Complaint(name, value) is { } found)
            {
                complaint = found;
                return null;
            }

            values[name] = value;
        }

        complaint = "";
        return values;
    }

    private async Task DeployAsync(HttpContext context, Admission admission, DeploymentPlan plan, DeploymentCall call)
    {
        if (engine.Open is not { } open)
        {
            await context.AnswerLaterAsync(engine.WhyClosed, admission.Service);
            return;
        }

        switch (await open.Queue.EnqueueAsync(admission, plan, call))
        {
            case QueueAnswer.Accepted(var deployment):
                await AnswerAcceptedAsync(context, open.Queue, deployment);
                break;
            case QueueAnswer.Busy(var id):
                await context.AnswerAsync(
                    StatusCodes.Status409Conflict,
                    new BusyJson("A deployment of this service runs already", admission.Service, id),
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
                await AnswerShuttingDownAsync(context, admission.Service);
                break;
        }
    }

    private async Task AnswerAcceptedAsync(HttpContext context, DeploymentQueue queue, Deployment deployment)
    {
        var headers = context.Response.Headers;
        var wish = Preference.Of(context.Request.Headers["Prefer"], deployment.Plan.Queue.AnswersAtOnce, longestWait);
        headers["X-Runs-As"] = SystemUser.Name;
        headers["X-Deployment-Id"] = deployment.Id;
        headers.Location = $"/deployments/{deployment.Id}";
        if (wish.Applied is not null)
        {
            headers["Preference-Applied"] = wish.Applied;
        }

        if (await EndAsync(deployment, wish.Limit, context.RequestAborted) is { } result)
        {
            await ResultAnswer.WriteAsync(context, result);
            return;
        }

        var isRunning = deployment.StartedAt is not null;
        var answer = new AcceptedJson(
            deployment.Id,
            (isRunning ? DeploymentStatus.Running : DeploymentStatus.Queued).Name(),
            isRunning ? null : queue.QueuedAhead(deployment.Service, deployment.Id)
        );
        await context.AnswerAsync(StatusCodes.Status202Accepted, answer, Answers.Json.AcceptedJson);
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

    private static Task AnswerShuttingDownAsync(HttpContext context, string service) =>
        context.AnswerLaterAsync("The server is shutting down", service);

    private Task AnswerTooLargeAsync(HttpContext context, string service) =>
        context.AnswerAsync(
            StatusCodes.Status413PayloadTooLarge,
            $"The request's body is larger than {settings.MaximumBody} bytes",
            service
        );
}
