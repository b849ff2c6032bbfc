using Microsoft.AspNetCore.Http;
using ThinDeployer.Audit;
using ThinDeployer.Configuration;
using ThinDeployer.Deployments;
using ThinDeployer.Rules;
using ThinDeployer.Security;

namespace ThinDeployer.Http;

/// <summary>Deploys once more what was deployed before: the same values and the same body, by what the service does now.</summary>
internal sealed class Redeployment(CurrentConfiguration current, Intake intake, DeployAnswer answer, AuditTrail audit)
{
    private const string PayloadIsGone =
        "The body of its request is not kept any more, because it was larger than 1 MiB; send the request again";

    private const string NotOnMachines = "This service is not deployed on machines";

    /// <param name="context">To answer.</param>
    /// <param name="desk">Knows the old one.</param>
    /// <param name="admission">To its service.</param>
    /// <param name="entry">The old one.</param>
    /// <param name="action">One of <see cref="AuditAction"/>.</param>
    /// <param name="rollbackTo">As <see cref="DeploymentTrigger.RollbackTo"/>.</param>
    /// <param name="machine">As <see cref="DeploymentTrigger.OnMachine"/>.</param>
    internal async Task RunAsync(
        HttpContext context,
        Desk desk,
        Admission admission,
        DeploymentEntry entry,
        string action,
        string? rollbackTo,
        string? machine
    )
    {
        var configuration = current.Snapshot;
        if (!configuration.IsUsable || !configuration.Services.TryGetValue(entry.Service, out var service))
        {
            await context.AnswerAsync(StatusCodes.Status404NotFound, "Cannot find service", entry.Service);
            return;
        }

        if (machine is not null && service.Plan.Rollout is null)
        {
            Refused(NotOnMachines);
            await context.AnswerAsync(StatusCodes.Status409Conflict, NotOnMachines, entry.Service);
            return;
        }

        var (values, complaint) = PassedValues.Of(entry.Values, service.Rules.Variables, service.Plan.Takes);
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
            RollbackTo = rollbackTo,
            OnMachine = machine,
            After = null,
        };
        var origin = DeploymentOrigin.None with { Payload = payload };
        var call = new DeploymentCall(trigger, values, origin)
        {
            Unused = [.. entry.Values.Keys.Except(values.Keys).Select(service.Plan.Secrets.Masked)],
        };
        var taken = await intake.TakeAsync(admission, service.Plan, call);
        audit.Note(context, admission.Credential, action, service.Name, taken);
        await answer.WriteAsync(
            context,
            new Entered(service.Name, service.Plan, taken, Delivery: null, AnswersAtOnce: true)
        );

        void Refused(string why) =>
            audit.Note(context, admission.Credential, action, entry.Service, entry.Id, AuditResult.Refused, why);
    }
}
