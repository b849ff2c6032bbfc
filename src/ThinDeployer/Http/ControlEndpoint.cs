using Microsoft.AspNetCore.Http;
using ThinDeployer.Audit;
using ThinDeployer.Configuration;
using ThinDeployer.Deployments;
using ThinDeployer.Rules;
using ThinDeployer.Security;

namespace ThinDeployer.Http;

/// <summary><c>/deployments/{id}/cancel</c> and <c>/deployments/{id}/rerun</c>.</summary>
internal sealed class ControlEndpoint(
    DeskAccess access,
    CurrentConfiguration current,
    Intake intake,
    DeployAnswer answer,
    AuditTrail audit
) : IRouteGroup
{
    private const string PayloadIsGone =
        "The body of its request is not kept any more, because it was larger than 1 MiB; send the request again";

    public IReadOnlyList<RouteEntry> Routes =>
        [new("deployments/{id}/cancel", ["POST"], CancelAsync), new("deployments/{id}/rerun", ["POST"], RerunAsync)];

    private Task CancelAsync(HttpContext context, string id) =>
        ActAsync(context, id, (desk, admission, entry) => CancelAsync(context, desk, admission, entry));

    /// <summary>The same values again, by what the service does now.</summary>
    private Task RerunAsync(HttpContext context, string id) =>
        ActAsync(context, id, (desk, admission, entry) => RerunAsync(context, desk, admission, entry));

    private Task ActAsync(HttpContext context, string id, Func<Desk, Admission, DeploymentEntry, Task> act) =>
        access.FindAsync(
            context,
            id,
            (desk, caller, _, entry) =>
                caller.AdmissionTo(entry.Service) is { } admission
                    ? act(desk, admission, entry)
                    : context.AnswerAsync(StatusCodes.Status403Forbidden, Refusals.MayOnlySee, entry.Service)
        );

    private async Task CancelAsync(HttpContext context, Desk desk, Admission admission, DeploymentEntry entry)
    {
        var by = admission.Who ?? context.Client().Address?.ToString() ?? "unknown";
        var cancelled = await desk.CancelAsync(entry, by);
        var (result, why) = cancelled switch
        {
            CancelAnswer.Cancelling => (AuditResult.Accepted, null),
            CancelAnswer.NotSaved(var reason) => (AuditResult.Failed, reason),
            _ => (AuditResult.Refused, "ended"),
        };
        audit.Note(context, admission.Credential, AuditAction.Cancel, entry.Service, entry.Id, result, why);
        switch (cancelled)
        {
            case CancelAnswer.Cancelling:
                await context.AnswerAsync(
                    StatusCodes.Status202Accepted,
                    DeploymentJson.Of(desk.Now(desk.Find(entry.Id) ?? entry)),
                    Answers.Json.DeploymentJson
                );
                break;
            case CancelAnswer.NotSaved(var reason):
                await context.AnswerLaterAsync($"The end can't be recorded: {reason}", entry.Service);
                break;
            default:
                var now = desk.Find(entry.Id) ?? entry;
                await context.AnswerAsync(
                    StatusCodes.Status409Conflict,
                    new BusyJson($"The deployment has ended already: {now.Status.Name()}", now.Service, now.Id),
                    Answers.Json.BusyJson
                );
                break;
        }
    }

    private async Task RerunAsync(HttpContext context, Desk desk, Admission admission, DeploymentEntry entry)
    {
        var configuration = current.Snapshot;
        if (!configuration.IsUsable || !configuration.Services.TryGetValue(entry.Service, out var service))
        {
            await context.AnswerAsync(StatusCodes.Status404NotFound, "Cannot find service", entry.Service);
            return;
        }

        var (values, complaint) = ValuesOf(service, entry);
        if (complaint is not null)
        {
            var masked = service.Plan.Secrets.Masked(complaint);
            Refused(masked);
            await context.AnswerAsync(StatusCodes.Status400BadRequest, masked, entry.Service);
            return;
        }

        if (desk.PayloadOf(entry) is not { } payload)
        {
            Refused("its body is not kept any more");
            await context.AnswerAsync(StatusCodes.Status409Conflict, PayloadIsGone, entry.Service);
            return;
        }

        var trigger = entry.Trigger with
        {
            Address = context.Client().Address?.ToString(),
            Method = context.Request.Method,
            DeliveryId = null,
            TraceParent = DeployEndpoint.TraceParentOf(context),
            TraceLink = DeploymentTrace.Of(entry).Own,
        };
        var origin = DeploymentOrigin.None with { Payload = payload };
        var call = new DeploymentCall(trigger, values, origin)
        {
            Unused =
            [
                .. entry.Values.Keys.Where(name => !values.ContainsKey(name)).Select(service.Plan.Secrets.Masked),
            ],
        };
        var taken = await intake.TakeAsync(admission, service.Plan, call);
        audit.Note(context, admission.Credential, AuditAction.Rerun, service.Name, taken);
        await answer.WriteAsync(
            context,
            new Entered(service.Name, service.Plan, taken, Delivery: null, AnswersAtOnce: true)
        );

        void Refused(string why) =>
            audit.Note(
                context,
                admission.Credential,
                AuditAction.Rerun,
                entry.Service,
                entry.Id,
                AuditResult.Refused,
                why
            );
    }

    /// <summary>By the rules of now: perhaps one was made because of this very value.</summary>
    private static (IReadOnlyDictionary<string, string> Values, string? Complaint) ValuesOf(
        ServiceConfiguration service,
        DeploymentEntry entry
    )
    {
        if (service.Rules.Variables is { } variables)
        {
            return variables.Again(entry.Values) switch
            {
                VariableValues.Given(var given) => (given, null),
                VariableValues.Refused(var refusal) => (entry.Values, refusal),
                _ => throw new InvalidOperationException("The variables gave an answer that is not known."),
            };
        }

        var values = entry.Values.Where(value => service.Plan.Takes(value.Key)).ToDictionary(StringComparer.Ordinal);
        // What was a declared variable may have become an argument that anybody gives.
        var complaint = values
            .Select(value => ArgumentRule.Complaint(value.Key, value.Value))
            .FirstOrDefault(found => found is not null);
        return (values, complaint);
    }
}
