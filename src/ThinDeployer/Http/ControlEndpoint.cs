using Microsoft.AspNetCore.Http;
using ThinDeployer.Deployments;
using ThinDeployer.Security;

namespace ThinDeployer.Http;

/// <summary><c>/deployments/{id}/cancel</c> and <c>/deployments/{id}/rerun</c>.</summary>
internal sealed class ControlEndpoint(DeskAccess access, Redeployment again) : IRouteGroup
{
    public IReadOnlyList<RouteEntry> Routes =>
        [new("deployments/{id}/cancel", ["POST"], CancelAsync), new("deployments/{id}/rerun", ["POST"], RerunAsync)];

    private Task CancelAsync(HttpContext context, string id) =>
        ActAsync(context, id, (desk, admission, entry) => CancelAsync(context, desk, admission, entry));

    private Task RerunAsync(HttpContext context, string id) =>
        ActAsync(
            context,
            id,
            (desk, admission, entry) =>
                again.RunAsync(context, desk, admission, entry, rollbackTo: entry.Trigger.RollbackTo)
        );

    private Task ActAsync(HttpContext context, string id, Func<Desk, Admission, DeploymentEntry, Task> act) =>
        access.FindAsync(
            context,
            id,
            (desk, caller, _, entry) =>
                caller.AdmissionTo(entry.Service) is { } admission
                    ? act(desk, admission, entry)
                    : context.AnswerAsync(StatusCodes.Status403Forbidden, Refusals.MayOnlySee, entry.Service)
        );

    private static async Task CancelAsync(HttpContext context, Desk desk, Admission admission, DeploymentEntry entry)
    {
        var by = admission.Who ?? context.Client().Address?.ToString() ?? "unknown";
        switch (await desk.CancelAsync(entry, by))
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
}
