using System.Collections.Frozen;
using Microsoft.AspNetCore.Http;
using ThinDeployer.Audit;
using ThinDeployer.Configuration;
using ThinDeployer.Deployments;
using ThinDeployer.Rules;
using ThinDeployer.Security;
using ThinDeployer.Telemetry;

namespace ThinDeployer.Http;

/// <summary><c>/deploy/{service}</c>: the checks, in their order, then the deployment and its answer.</summary>
internal sealed class DeployEndpoint(
    HttpSettings settings,
    CurrentConfiguration current,
    Door door,
    Intake intake,
    DeployAnswer answer,
    RequestCounts counts,
    AuditTrail audit,
    TimeProvider time
) : IRouteGroup
{
    private static readonly FrozenSet<string> NoArguments = [];

    /// <summary>Why a deployment shall begin outside of the windows of its service.</summary>
    private const string PassReason = "X-Pass-Reason";

    private const string NoNeed = "Request validation returned a status that there is no need to deploy";

    public IReadOnlyList<RouteEntry> Routes => [new("deploy/{service}", ["GET", "POST"], HandleAsync)];

    private async Task HandleAsync(HttpContext context, string name)
    {
        // Whatever holds the body is left behind by then.
        if (await EnterAsync(context, name) is { } entered)
        {
            await answer.WriteAsync(context, entered);
        }
    }

    /// <returns>Null for what is answered already.</returns>
    private async Task<Entered?> EnterAsync(HttpContext context, string name)
    {
        var configuration = current.Snapshot;
        if (!configuration.IsUsable)
        {
            await context.AnswerLaterAsync("The configuration has mistakes; the health check lists them", name);
            return null;
        }

        var service = configuration.Services.GetValueOrDefault(name);
        if (service is null && !settings.HidesServices)
        {
            await context.AnswerAsync(StatusCodes.Status404NotFound, "Cannot find service", name);
            return null;
        }

        var request = new DeployRequest(
            context.Request,
            settings.MaximumBody,
            service?.ArgumentNames ?? NoArguments,
            service?.Unforeseen
        );
        if (request.AnnouncesTooMuch)
        {
            await AnswerTooLargeAsync(context, name);
        }
        else if (request.IsCompressed)
        {
            await AnswerCompressedAsync(context, name);
        }
        else
        {
            var attempt = new DeployAttempt(
                name,
                service?.Credentials ?? HiddenServices.Decoy,
                request,
                context.Client().KeyAt(name),
                settings.HidesServices ? configuration.Signatures : null
            );
            return await DecideAsync(context, service, attempt);
        }

        return null;
    }

    /// <param name="context">To answer.</param>
    /// <param name="service">Null for one that is not there, which is not told.</param>
    /// <param name="attempt">At the service.</param>
    private async Task<Entered?> DecideAsync(HttpContext context, ServiceConfiguration? service, DeployAttempt attempt)
    {
        var name = attempt.Service;
        var decision = await door.EnterAsync(attempt, context.RequestAborted);
        if (IsTooMuch(decision) && attempt.Request.IsUnread)
        {
            context.Response.Headers.Connection = "close";
        }

        switch (decision)
        {
            case GateAnswer.Admitted(var caller) when service is not null:
                RequestNote.LetIn(context, caller.Credential);
                return await HandleAdmittedAsync(
                    context,
                    service,
                    attempt.Request,
                    caller.AdmissionTo(name, Rights.Deploy)!
                );
            case GateAnswer.Admitted:
                // The admin's session opens any name, also one that there is not.
                await context.AnswerAsync(StatusCodes.Status404NotFound, "Cannot find service", name);
                break;
            case GateAnswer.Ping:
                await AnswerNoNeedAsync(context, DeployWish.Ping);
                break;
            case GateAnswer.Refused
            {
                Why: not (RefusalReason.ForeignSite or RefusalReason.SessionEnded or RefusalReason.AntiforgeryMismatch)
            } refused when service is null:
                await Refusals.AnswerAsync(context, refused with { Why = RefusalReason.UnknownService }, name);
                break;
            default:
                await Refusals.AnswerAsync(context, decision, name);
                break;
        }

        return null;
    }

    /// <summary>Whether the rest of a body is not worth a connection.</summary>
    private static bool IsTooMuch(GateAnswer answer) =>
        answer is GateAnswer.TooMany or GateAnswer.BodyTooSlow or GateAnswer.NoRoom or GateAnswer.GaveWay;

    private async Task<Entered?> HandleAdmittedAsync(
        HttpContext context,
        ServiceConfiguration service,
        DeployRequest request,
        Admission admission
    )
    {
        // Not before: who may not deploy it does not learn what it allows.
        if (!service.AllowsGet && HttpMethods.IsGet(context.Request.Method))
        {
            context.Response.Headers.Allow = HttpMethods.Post;
            await context.AnswerAsync(
                StatusCodes.Status405MethodNotAllowed,
                "This service is deployed by POST only",
                service.Name
            );
        }
        else if (!await request.ReadBodyAsync(context.RequestAborted))
        {
            await AnswerTooLargeAsync(context, service.Name);
        }
        else
        {
            return await HandleReadAsync(context, service, request, admission);
        }

        return null;
    }

    private async Task<Entered?> HandleReadAsync(
        HttpContext context,
        ServiceConfiguration service,
        DeployRequest request,
        Admission admission
    )
    {
        var shown = RuleRequests.Of(context, request);
        var wish = DeployWish.Of(service, request, shown);
        var id = RuleRequests.DeliveryIdOf(admission, shown);
        var payload = RequestPayload.Of(request);
        var delivery =
            service.Plan.KeepDeliveries > 0
                ? DeliveryPicture.Of(service, context, request, payload, id, wish, time.GetUtcNow())
                : null;
        switch (wish)
        {
            case DeployWish.Nothing(var reason, _):
                counts.Deliver(admission.Sender, "not_needed");
                await intake.KeepAsync(delivery, service.Plan);
                await AnswerNoNeedAsync(context, service.Plan.Secrets.Masked(reason));
                break;
            case DeployWish.Unclear(var complaint, _):
                counts.Deliver(admission.Sender, "bad_request");
                RequestNote.Leave(context, "bad_request");
                await intake.KeepAsync(delivery, service.Plan);
                var masked = service.Plan.Secrets.Masked(complaint);
                audit.Note(
                    context,
                    admission.Credential,
                    AuditAction.Deploy,
                    service.Name,
                    result: AuditResult.Refused,
                    reason: masked
                );
                await context.AnswerAsync(StatusCodes.Status400BadRequest, masked, service.Name);
                break;
            case DeployWish.Deployment(var values, _):
                var origin = new DeploymentOrigin(payload, delivery, service.Plan.KeepDeliveries);
                var call = new DeploymentCall(TriggerOf(service, context, shown, id, admission), values, origin)
                {
                    Unused = UnusedOf(service, request, values),
                    Passed = PassOf(context, admission),
                };
                var taken = await intake.TakeAsync(admission, service.Plan, call);
                counts.Deliver(admission.Sender, OutcomeOf(taken));
                audit.Note(context, admission.Credential, AuditAction.Deploy, service.Name, taken);
                return new Entered(service.Name, service.Plan, taken, delivery, service.Plan.Queue.AnswersAtOnce);
            default:
                throw new InvalidOperationException("The rules gave an answer that is not known.");
        }

        return null;
    }

    /// <summary>Who may approve lets his own begin outside of the windows by saying why. Null for anybody else.</summary>
    private GateDecision? PassOf(HttpContext context, Admission admission) =>
        context.Request.Headers[PassReason].ToString() is { Length: > 0 } reason && admission.May(Rights.Approve)
            ? GateDecision.Of(
                admission.Who ?? admission.Credential,
                context.Client().Address?.ToString(),
                time.GetUtcNow(),
                reason
            )
            : null;

    private static string OutcomeOf(QueueAnswer answer) =>
        answer is QueueAnswer.Accepted ? "deployed" : answer.Decision ?? "unavailable";

    /// <param name="context">To answer.</param>
    /// <param name="reason">Masked.</param>
    private static Task AnswerNoNeedAsync(HttpContext context, string reason)
    {
        RequestNote.Leave(context, "not_needed", reason);
        return context.AnswerAsync(
            StatusCodes.Status200OK,
            new OutputAnswer(NoNeed, reason),
            Answers.Json.OutputAnswer
        );
    }

    /// <summary>Those that neither fill a placeholder nor are looked at by a rule.</summary>
    private static IReadOnlyList<string> UnusedOf(
        ServiceConfiguration service,
        DeployRequest request,
        IReadOnlyDictionary<string, string> values
    ) =>
        [
            .. request
                .Unused(name =>
                    service.Rules.ArgumentNames.Contains(name)
                    || (service.Rules.Variables is null && values.ContainsKey(name))
                )
                .Select(service.Plan.Secrets.Masked),
        ];

    /// <summary>Nothing in it is a secret. Deliveries are told apart by the masked id: it is as good as the id.</summary>
    private static DeploymentTrigger TriggerOf(
        ServiceConfiguration service,
        HttpContext context,
        RuleRequest shown,
        string? deliveryId,
        Admission admission
    )
    {
        var facts = SenderFacts.Of(shown);
        var trace = TraceParentOf(context);
        return new DeploymentTrigger(context.Client().Address?.ToString(), context.Request.Method, Who: null)
        {
            DeliveryId = Masked(deliveryId),
            Event = Masked(facts.Event),
            Ref = Masked(facts.Ref),
            Commit = Masked(facts.Commit),
            Actor = Masked(facts.Actor),
            CommitSubject = Masked(facts.CommitSubject),
            // With stars in it, it would lead elsewhere.
            CommitUrl = Masked(facts.CommitUrl) == facts.CommitUrl ? facts.CommitUrl : null,
            ForgeDeployment = facts.Deployment,
            // A webhook tells of what is over: it is no part of its sender's trace.
            TraceParent = admission.Sender is null ? trace : null,
            TraceLink = admission.Sender is null ? null : trace,
        };

        string? Masked(string? text) => text is null ? null : service.Plan.Secrets.Masked(text);
    }

    /// <summary>Null where there is none that is right, or more than one.</summary>
    internal static TraceParent? TraceParentOf(HttpContext context) =>
        context.Request.Headers.TraceParent is [{ } text] ? TraceParent.Parse(text) : null;

    private static Task AnswerCompressedAsync(HttpContext context, string service)
    {
        // RFC 9110, section 12.5.3: what would be taken instead.
        context.Response.Headers.AcceptEncoding = "identity";
        return context.AnswerAsync(
            StatusCodes.Status415UnsupportedMediaType,
            "A compressed body is not taken; send it without Content-Encoding",
            service
        );
    }

    private Task AnswerTooLargeAsync(HttpContext context, string service) =>
        Refusals.AnswerAsync(context, new GateAnswer.BodyTooLarge(settings.MaximumBody), service);
}
