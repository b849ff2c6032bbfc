using Microsoft.AspNetCore.Http;
using ThinDeployer.Audit;
using ThinDeployer.Configuration;
using ThinDeployer.Deployments;
using ThinDeployer.Security;

namespace ThinDeployer.Http;

/// <summary><c>/services/{name}/rollback</c>: deploys an earlier success again.</summary>
internal sealed class RollbackEndpoint(DeskAccess access, CurrentConfiguration current, Redeployment again)
    : IRouteGroup
{
    private const string Target = "to";
    private const string Machine = "machine";

    private const string NothingBefore =
        "There is nothing to go back to: no earlier version of this service that was deployed well is known";

    private static readonly HashSet<string> Arguments = new(StringComparer.Ordinal) { Target, Machine };

    public IReadOnlyList<RouteEntry> Routes => [new("services/{name}/rollback", ["POST"], RollBackAsync)];

    private Task RollBackAsync(HttpContext context, string name) =>
        access.ActOnAsync(
            context,
            name,
            Rights.Rollback,
            async (desk, _, admission) =>
            {
                if (!current.Snapshot.Services.ContainsKey(name))
                {
                    await context.AnswerAsync(StatusCodes.Status404NotFound, "Cannot find service", name);
                }
                else if (await ActionArguments.ReadAsync(context, Arguments, name) is { } given)
                {
                    await RollBackAsync(context, desk, admission, given);
                }
            }
        );

    private Task RollBackAsync(HttpContext context, Desk desk, Admission admission, ActionArguments given)
    {
        var name = admission.Service;
        if (given.Find(Target) is not { } to)
        {
            return desk.BeforeLive(name) is { } before
                ? again.RunAsync(
                    context,
                    desk,
                    admission,
                    before,
                    AuditAction.Rollback,
                    LiveVersion.Of(before),
                    given.Find(Machine)
                )
                : context.AnswerAsync(StatusCodes.Status409Conflict, NothingBefore, name);
        }

        switch (desk.Seek(to, name, [name]))
        {
            case []:
                return context.AnswerAsync(
                    StatusCodes.Status404NotFound,
                    "There is no such deployment of this service",
                    name
                );
            case [{ Entry: { Status: DeploymentStatus.Succeeded } entry }]:
                return again.RunAsync(
                    context,
                    desk,
                    admission,
                    entry,
                    AuditAction.Rollback,
                    LiveVersion.Of(entry),
                    given.Find(Machine) ?? entry.Child?.Machine
                );
            case [{ Entry: var entry }]:
                return context.AnswerAsync(
                    StatusCodes.Status409Conflict,
                    new BusyJson(
                        $"Only a deployment that succeeded can be gone back to; this one is {entry.Status.Name()}",
                        name,
                        entry.Id
                    ),
                    Answers.Json.BusyJson
                );
            default:
                return context.AnswerAsync(
                    StatusCodes.Status400BadRequest,
                    "The ids of several deployments begin so; write more of it",
                    name
                );
        }
    }
}
