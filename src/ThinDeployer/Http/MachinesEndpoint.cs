using Microsoft.AspNetCore.Http;
using ThinDeployer.Audit;
using ThinDeployer.Deployments;
using ThinDeployer.Machines;
using ThinDeployer.Rollouts;
using ThinDeployer.Security;

namespace ThinDeployer.Http;

/// <summary>
/// <c>/machines</c>: which there are and what runs on them, for who may see all; and to add and remove one, for the admin.
/// </summary>
internal sealed class MachinesEndpoint(DeskAccess access, Enrolment enrolment, AuditTrail audit) : IRouteGroup
{
    private const string Name = "name";

    private const string IsOff =
        "This server orders no machines about: start it with --broker, or set THIN_DEPLOYER_BROKER";

    private static readonly HashSet<string> OfAdding = new(StringComparer.Ordinal) { Name };

    public IReadOnlyList<RouteEntry> Routes =>
        [
            new("machines", ["GET", "POST"], (context, _) => IsPost(context) ? AddAsync(context) : ListAsync(context)),
            new("machines/{name}", ["DELETE"], RemoveAsync),
        ];

    private static bool IsPost(HttpContext context) => HttpMethods.IsPost(context.Request.Method);

    private Task ListAsync(HttpContext context) =>
        OpenAsync(
            context,
            needsAdmin: false,
            (desk, _, registry) =>
                context.AnswerAsync(
                    StatusCodes.Status200OK,
                    MachineListJson.Of(registry.All(), desk.StandingOfMachines(), enrolment.Trouble),
                    Answers.Json.MachineListJson
                )
        );

    private Task AddAsync(HttpContext context) =>
        OpenAsync(
            context,
            needsAdmin: true,
            async (_, caller, _) =>
            {
                if (await ActionArguments.ReadAsync(context, OfAdding, service: null) is not { } arguments)
                {
                    return;
                }

                if (arguments.Find(Name) is { } name && MachineName.IsValid(name))
                {
                    await ChangeAsync(
                        context,
                        caller,
                        AuditAction.AddMachine,
                        name,
                        stop => AddAsync(context, name, stop)
                    );
                }
                else
                {
                    await context.AnswerAsync(StatusCodes.Status400BadRequest, $"\"{Name}\" {MachineName.Demand}");
                }
            }
        );

    private Task RemoveAsync(HttpContext context, string name) =>
        OpenAsync(
            context,
            needsAdmin: true,
            (_, caller, _) =>
                ChangeAsync(context, caller, AuditAction.RemoveMachine, name, stop => RemoveAsync(context, name, stop))
        );

    /// <returns>Why not; null where it was done.</returns>
    private async Task<string?> AddAsync(HttpContext context, string name, CancellationToken stop)
    {
        var answer = await enrolment.AddAsync(name, stop);
        if (answer is AddAnswer.Added(var code))
        {
            await context.AnswerAsync(
                StatusCodes.Status201Created,
                new AddedMachineJson(
                    name,
                    code.Text,
                    DeploymentJson.TimeOf(code.Until)!,
                    $"thin-deployer agent --join {code.Text}"
                ),
                Answers.Json.AddedMachineJson
            );
            return null;
        }

        var whyNot =
            answer is AddAnswer.TooMany
                ? $"There are {MachineRegistry.MaximumMachines} machines already"
                : "A machine of this name has joined already; remove it first";
        await context.AnswerAsync(StatusCodes.Status409Conflict, whyNot);
        return whyNot;
    }

    /// <inheritdoc cref="AddAsync(HttpContext,string,CancellationToken)"/>
    private async Task<string?> RemoveAsync(HttpContext context, string name, CancellationToken stop)
    {
        if (await enrolment.RemoveAsync(name, stop))
        {
            await context.AnswerAsync(StatusCodes.Status200OK, "The machine is removed");
            return null;
        }

        const string whyNot = "There is no such machine";
        await context.AnswerAsync(StatusCodes.Status404NotFound, whyNot);
        return whyNot;
    }

    private async Task ChangeAsync(
        HttpContext context,
        Caller caller,
        string action,
        string name,
        Func<CancellationToken, Task<string?>> change
    )
    {
        try
        {
            var whyNot = await change(context.RequestAborted);
            Note(whyNot is null ? AuditResult.Accepted : AuditResult.Refused, whyNot);
        }
        catch (LineDownException exception)
        {
            Note(AuditResult.Failed, exception.Message);
            await context.AnswerLaterAsync($"The broker can't be told: {exception.Message}");
        }
        catch (RecordUnavailableException exception)
        {
            Note(AuditResult.Failed, exception.Message);
            await context.AnswerLaterAsync($"That can't be recorded: {exception.Message}");
        }

        void Note(string result, string? why) =>
            audit.Note(
                context,
                caller.Credential,
                action,
                service: null,
                result: result,
                reason: why is null ? name : $"{name}: {why}"
            );
    }

    private Task OpenAsync(HttpContext context, bool needsAdmin, Func<Desk, Caller, MachineRegistry, Task> answer) =>
        access.OpenAsync(
            context,
            (desk, caller, _) =>
                !caller.SeesAll
                    ? context.AnswerAsync(StatusCodes.Status404NotFound, "This token does not open the machines")
                : needsAdmin && !caller.IsAdmin
                    ? Refusals.AnswerAsync(context, new GateAnswer.Refused(RefusalReason.MayOnlySee))
                : !enrolment.IsOn ? context.AnswerAsync(StatusCodes.Status409Conflict, IsOff)
                : enrolment.Registry is { } registry ? answer(desk, caller, registry)
                : context.AnswerLaterAsync("The server is starting")
        );
}

/// <summary>All machines.</summary>
/// <param name="Trouble">Why nothing reaches them now; null while something does.</param>
internal sealed record MachineListJson(IReadOnlyList<ListedMachineJson> Machines, string? Trouble)
{
    /// <param name="machines">By name.</param>
    /// <param name="standing">Of each machine and service.</param>
    /// <param name="trouble">As <see cref="Trouble"/>.</param>
    internal static MachineListJson Of(
        IReadOnlyList<KnownMachine> machines,
        IReadOnlyList<StandingOnMachine> standing,
        string? trouble
    )
    {
        var byMachine = standing.ToLookup(one => one.Machine, StringComparer.Ordinal);
        return new MachineListJson(
            [.. machines.Select(machine => ListedMachineJson.Of(machine, byMachine[machine.Name]))],
            trouble
        );
    }
}

/// <param name="State"><c>joining</c>, <c>never</c>, <c>online</c> or <c>away</c>.</param>
/// <param name="CodeUntil">Of one that is joining.</param>
/// <param name="Services">That it can deploy; null where it has not said so since we started, as its clock.</param>
/// <param name="Deployments">Ordered here, the newest of each service.</param>
internal sealed record ListedMachineJson(
    string Name,
    string State,
    string? CodeUntil,
    string? JoinedAt,
    string? LastSeenAt,
    string? Version,
    long? ClockSkewMs,
    IReadOnlyList<string>? Services,
    IReadOnlyList<OnMachineJson> Deployments
)
{
    internal static ListedMachineJson Of(KnownMachine machine, IEnumerable<StandingOnMachine> standing) =>
        new(
            machine.Name,
            machine.State.Name(),
            DeploymentJson.TimeOf(machine.CodeUntil),
            DeploymentJson.TimeOf(machine.JoinedAt),
            DeploymentJson.TimeOf(machine.LastSeenAt),
            machine.Version,
            machine.ClockSkew is { } skew ? (long)skew.TotalMilliseconds : null,
            machine.Services,
            [.. standing.Select(OnMachineJson.Of)]
        );
}

/// <summary>A service on a machine.</summary>
/// <param name="Machine">Its name.</param>
/// <param name="Id">Of the newest deployment there.</param>
/// <param name="Deployment">Of the whole.</param>
/// <param name="Live">The id of the newest that succeeded there; null for none.</param>
/// <param name="LiveSince">When that ended.</param>
internal sealed record OnMachineJson(
    string Machine,
    string Service,
    string Id,
    string Deployment,
    string Status,
    string? StartedAt,
    string? FinishedAt,
    string? Live,
    string? LiveSince
)
{
    internal static OnMachineJson Of(StandingOnMachine on) =>
        new(
            on.Machine,
            on.Service,
            on.Newest.Id,
            on.Newest.Child!.Parent,
            on.Newest.Status.Name(),
            DeploymentJson.TimeOf(on.Newest.StartedAt),
            DeploymentJson.TimeOf(on.Newest.FinishedAt),
            on.Live?.Id,
            DeploymentJson.TimeOf(on.Live?.FinishedAt)
        );
}

/// <summary>The answer to who added a machine.</summary>
/// <param name="Code">Told this once.</param>
/// <param name="Until">Of no use from then on.</param>
/// <param name="Message">The command to run on it.</param>
internal sealed record AddedMachineJson(string Name, string Code, string Until, string Message);
