using System.Globalization;
using Microsoft.AspNetCore.Http;
using ThinDeployer.Configuration;
using ThinDeployer.Deployments;
using ThinDeployer.Rules;
using ThinDeployer.Security;

namespace ThinDeployer.Http;

/// <summary><c>/deploy/{service}</c>: the checks, in their order, then the deployment and its answer.</summary>
/// <param name="longestWait">After it, an answer says that the deployment still runs.</param>
internal sealed class DeployEndpoint(
    ServerSettings settings,
    ConfigurationSnapshot configuration,
    DeploymentQueue queue,
    TimeSpan longestWait,
    TimeProvider time
)
{
    private const string InvalidToken =
        "Invalid auth token, please verify the X-Auth-Token header value or \"token\" query parameter";
    private const string NoNeed = "Request validation returned a status that there is no need to deploy";

    internal async Task HandleAsync(HttpContext context, string name)
    {
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
                await context.AnswerAsync(StatusCodes.Status403Forbidden, InvalidToken, name);
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
            await DeployAsync(context, new Deployment(admission, service.Plan, values, time.GetUtcNow()));
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

    private async Task DeployAsync(HttpContext context, Deployment deployment)
    {
        switch (queue.Enqueue(deployment))
        {
            case QueueAnswer.Accepted:
                await AnswerEndAsync(context, deployment);
                break;
            case QueueAnswer.Full:
                await context.AnswerLaterAsync("Too many deployments of this service wait already", deployment.Service);
                break;
            case QueueAnswer.ShuttingDown:
            default:
                await AnswerShuttingDownAsync(context, deployment.Service);
                break;
        }
    }

    /// <summary>A client that goes away ends its answer, not the deployment.</summary>
    private async Task AnswerEndAsync(HttpContext context, Deployment deployment)
    {
        DeploymentResult result;
        try
        {
            result = await deployment.End.WaitAsync(longestWait, time, context.RequestAborted);
        }
        catch (TimeoutException)
        {
            var answer = new AcceptedAnswer(deployment.Id, DeploymentStatus.Running.Name());
            await context.AnswerAsync(StatusCodes.Status202Accepted, answer, Answers.Json.AcceptedAnswer);
            return;
        }

        await AnswerResultAsync(context, deployment, result);
    }

    private static async Task AnswerResultAsync(HttpContext context, Deployment deployment, DeploymentResult result)
    {
        if (ReferenceEquals(result, DeploymentResult.NeverBegan))
        {
            await AnswerShuttingDownAsync(context, deployment.Service);
            return;
        }

        context.Response.Headers["X-Runs-As"] = SystemUser.Name;
        context.Response.Headers["X-Deployment-Id"] = deployment.Id;
        await context.AnswerAsync(
            result.Status is DeploymentStatus.Succeeded
                ? StatusCodes.Status202Accepted
                : StatusCodes.Status500InternalServerError,
            new DeployAnswer(
                result.Output,
                deployment.Id,
                result.Status.Name(),
                Milliseconds(result.Duration),
                [.. result.Steps.Select(AnswerOf)]
            ),
            Answers.Json.DeployAnswer
        );
    }

    private static StepAnswer AnswerOf(StepResult step) =>
        new(
            step.Command,
            step.Status.Name(),
            step.ExitCode,
            Attempts: 1,
            step.StartedAt.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture),
            Milliseconds(step.Duration),
            step.Message
        );

    private static long Milliseconds(TimeSpan duration) => (long)duration.TotalMilliseconds;

    private static Task AnswerShuttingDownAsync(HttpContext context, string service) =>
        context.AnswerLaterAsync("The server is shutting down", service);

    private Task AnswerTooLargeAsync(HttpContext context, string service) =>
        context.AnswerAsync(
            StatusCodes.Status413PayloadTooLarge,
            $"The request's body is larger than {settings.MaximumBody} bytes",
            service
        );
}
