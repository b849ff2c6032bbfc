using Microsoft.AspNetCore.Http;
using ThinDeployer.Audit;
using ThinDeployer.Deployments;
using ThinDeployer.Security;

namespace ThinDeployer.Http;

/// <summary><c>/deployments/{id}/cancel</c> and <c>/deployments/{id}/rerun</c>.</summary>
internal sealed class ControlEndpoint(DeskAccess access, Redeployment again, AuditTrail audit) : IRouteGroup
{
    public IReadOnlyList<RouteEntry> Routes =>
        [new("deployments/{id}/cancel", ["POST"], CancelAsync), new("deployments/{id}/rerun", ["POST"], RerunAsync)];

    private Task CancelAsync(HttpContext context, string id) =>
        access.ActAsync(
            context,
            id,
            Rights.Cancel,
            (desk, caller, admission, entry) => CancelAsync(context, desk, caller, admission, entry)
        );

    private Task RerunAsync(HttpContext context, string id) =>
        access.ActAsync(
            context,
            id,
            Rights.Deploy,
            (desk, _, admission, entry) =>
                again.RunAsync(
                    context,
                    desk,
                    admission,
                    entry,
                    AuditAction.Rerun,
                    entry.Trigger.RollbackTo,
                    entry.Child?.Machine ?? entry.Trigger.OnMachine
                )
        );

    private async Task CancelAsync(
        HttpContext context,
        Desk desk,
        Caller caller,
        Admission admission,
        DeploymentEntry entry
    )
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
            case CancelAnswer.Cancelling when caller.MaySee(entry.Service):
                await context.AnswerAsync(
                    StatusCodes.Status202Accepted,
                    DeploymentJson.Of(desk.Whole(desk.Find(entry.Id) ?? entry)),
                    Answers.Json.DeploymentJson
                );
                break;
            case CancelAnswer.Cancelling:
                await context.AnswerAsync(
                    StatusCodes.Status202Accepted,
                    new BusyJson("The deployment is being stopped", entry.Service, entry.Id),
                    Answers.Json.BusyJson
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
}
