using AspNetCoreGeneratedDocument;
using ThinDeployer.Deployments;
using ThinDeployer.Http;
using ThinDeployer.Machines;

namespace ThinDeployer.Pages;

/// <summary><c>/ui/machines</c>: which there are, and what is live on each, for who may see all; the admin adds and removes them.</summary>
internal sealed class MachinesPage(PageAccess access, Enrolment enrolment) : IRouteGroup
{
    public IReadOnlyList<RouteEntry> Routes =>
        [new("ui/machines", ["GET"], (context, _) => access.OpenAsync(context, PageAccess.NoArguments, ShowAsync))];

    private async Task ShowAsync(Visit visit)
    {
        if (!visit.Caller.SeesAll)
        {
            await NothingPage.WriteAsync(visit, "This is for who may see all services");
            return;
        }

        if (enrolment.Registry is not { } registry)
        {
            await NothingPage.WriteAsync(
                visit,
                "This server orders no machines about: it was started without --broker"
            );
            return;
        }

        var services = visit.Services.Where(service => service.Plan.Rollout is not null);
        var standing = visit.Desk.StandingOfMachines();
        var model = new MachinesModel(
            visit.Frame with
            {
                Title = "Machines",
                Part = "machines",
                Events = $"{visit.Events}&{ChangesEndpoint.Machines}=true",
            },
            visit,
            enrolment.Trouble,
            registry.All(),
            [
                .. services
                    .Select(service => service.Name)
                    .Union(standing.Select(one => one.Service), StringComparer.Ordinal)
                    .Order(StringComparer.Ordinal),
            ],
            standing.ToDictionary(one => (one.Machine, one.Service))
        );
        await PageAnswer.WriteAsync(visit.Context, new Pages_Templates_Machines { Model = model });
    }
}

/// <param name="Trouble">Why nothing reaches them now; null while something does.</param>
/// <param name="Machines">By name.</param>
/// <param name="Services">Those that are deployed on machines, and were; by name.</param>
/// <param name="Standing">Of each machine and service that was deployed there.</param>
internal sealed record MachinesModel(
    Frame Frame,
    Visit Visit,
    string? Trouble,
    IReadOnlyList<KnownMachine> Machines,
    IReadOnlyList<string> Services,
    IReadOnlyDictionary<(string Machine, string Service), StandingOnMachine> Standing
) : IPageModel
{
    /// <summary>A clock that is further off is told of.</summary>
    private static readonly TimeSpan MostSkew = TimeSpan.FromSeconds(5);

    internal bool MayChange => Visit.Caller.IsAdmin;

    internal ServiceOnMachine At(KnownMachine machine, string service) =>
        new(
            Standing.GetValueOrDefault((machine.Name, service)),
            machine.Services?.Contains(service, StringComparer.Ordinal) == false
                && Visit.Service(service)?.Plan.Rollout is { } plan
                && plan.Machines?.Contains(machine.Name, StringComparer.Ordinal) != false
        );

    /// <summary>How far a clock is off, as a sentence has it; null for one that is right, or not known.</summary>
    internal static string? SkewOf(KnownMachine machine) =>
        machine.ClockSkew is { } skew && skew.Duration() > MostSkew
            ? $"its clock is {Shown.Span(skew.Duration())} {(skew > TimeSpan.Zero ? "ahead" : "behind")}"
            : null;
}

/// <param name="Standing">Null where it was never deployed there.</param>
/// <param name="IsMissing">Whether it is to be deployed there, and the machine says that it does not know the service.</param>
internal sealed record ServiceOnMachine(StandingOnMachine? Standing, bool IsMissing);
