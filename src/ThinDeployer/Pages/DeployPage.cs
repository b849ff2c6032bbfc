using AspNetCoreGeneratedDocument;
using Microsoft.AspNetCore.Http;
using ThinDeployer.Configuration;
using ThinDeployer.Http;
using ThinDeployer.Rules;
using ThinDeployer.Security;

namespace ThinDeployer.Pages;

/// <summary>
/// <c>/ui/deploy/{service}</c>: a form of what the service takes, filled by the query. It is sent to the route that all
/// others use.
/// </summary>
internal sealed class DeployPage(PageAccess access, CurrentConfiguration current) : IRouteGroup
{
    /// <summary>Names a value that gets a field; no value has such a name itself.</summary>
    internal const string FurtherName = "+";

    private static readonly HashSet<string> Further = new(StringComparer.Ordinal) { FurtherName };

    public IReadOnlyList<RouteEntry> Routes => [new("ui/deploy/{service}", ["GET"], OpenAsync)];

    private Task OpenAsync(HttpContext context, string name)
    {
        var service = current.Snapshot.Services.GetValueOrDefault(name);
        return access.OpenAsync(
            context,
            service?.Plan.TakesAny == true ? Further : service?.ArgumentNames ?? PageAccess.NoArguments,
            visit => ShowAsync(visit, name),
            service?.Unforeseen
        );
    }

    private static Task ShowAsync(Visit visit, string name)
    {
        if (visit.Service(name) is not { } service)
        {
            return NothingPage.WriteAsync(visit, "There is no such service, or your token does not open it");
        }

        var model = new DeployModel(
            visit.Frame with
            {
                Title = $"Deploy {name}",
            },
            visit,
            service,
            FieldsOf(visit, service),
            Unfillable(service),
            [.. service.Plan.Steps.Select(step => service.Plan.Secrets.Masked(step.Source))],
            visit.May(name, Rights.Deploy)
        )
        {
            Machines = service.Plan.Rollout is { } rollout ? Shown.Machines(rollout) : null,
        };
        return PageAnswer.WriteAsync(visit.Context, new Pages_Templates_Deploy { Model = model });
    }

    /// <summary>Of declared variables that an argument gives, or of the placeholders of its commands.</summary>
    private static List<DeployField> FieldsOf(Visit visit, ServiceConfiguration service) =>
        service.Rules.Variables is { } declared
            ?
            [
                .. declared
                    .Variables.Where(variable => variable.Source is ValueSource.Argument)
                    .Select(variable => FieldOf(visit, service, (ValueSource.Argument)variable.Source, variable)),
            ]
            :
            [
                .. NamesOf(visit, service)
                    .Order(StringComparer.Ordinal)
                    .Select(name => new DeployField(
                        name,
                        name,
                        Given(visit, name),
                        DefaultOf(service, name, service.Plan.Defaults.GetValueOrDefault(name)),
                        Pattern: null,
                        Choices: [],
                        SecretName.LooksSecret(name)
                    )),
            ];

    /// <summary>Of what only machines know, those that somebody asks for.</summary>
    private static IEnumerable<string> NamesOf(Visit visit, ServiceConfiguration service) =>
        service.Plan.TakesAny
            ? visit
                .Query.Names.Append(visit.Argument(FurtherName))
                .Where(service.Plan.Takes)
                .Distinct(StringComparer.Ordinal)
            : service.Plan.ArgumentNames;

    private static DeployField FieldOf(
        Visit visit,
        ServiceConfiguration service,
        ValueSource.Argument source,
        Variable variable
    )
    {
        return new(
            source.Name,
            variable.Name,
            Given(visit, source.Name),
            DefaultOf(service, variable.Name, variable.Default),
            variable.Pattern?.Source,
            [.. variable.Choices?.Texts.Select(text => text.Value).Where(IsShown) ?? []],
            SecretName.LooksSecret(variable.Name)
        );

        bool IsShown(string choice) => service.Plan.Secrets.Masked(choice) == choice;
    }

    private static string? Given(Visit visit, string name) => visit.Query.Find(name) is (1, var value) ? value : null;

    /// <summary>Null where there is none; empty where it must not be shown.</summary>
    private static string? DefaultOf(ServiceConfiguration service, string name, string? text) =>
        text is null ? null
        : SecretName.LooksSecret(name) || service.Plan.Secrets.Masked(text) != text ? ""
        : text;

    /// <summary>Declared variables that a form can't give and that have no default.</summary>
    private static IReadOnlyList<string> Unfillable(ServiceConfiguration service) =>
        [
            .. (service.Rules.Variables?.Variables ?? [])
                .Where(variable => variable is { Source: not ValueSource.Argument, Default: null })
                .Select(variable => $"{variable.Name} ({variable.Source})"),
        ];
}

/// <summary>A value that a person gives.</summary>
/// <param name="Argument">The name that it is sent by.</param>
/// <param name="Given">By the query; null for nothing.</param>
/// <param name="Default">What counts where nothing is sent, unless that is secret; null where something must be sent.</param>
/// <param name="Pattern">Which the whole value must match, as it is written; null for any.</param>
/// <param name="Choices">Which it must be one of; empty for any.</param>
internal sealed record DeployField(
    string Argument,
    string Name,
    string? Given,
    string? Default,
    string? Pattern,
    IReadOnlyList<string> Choices,
    bool IsSecret
);

/// <param name="Unfillable">What it takes from somewhere else than a form.</param>
/// <param name="Commands">As written, and masked.</param>
internal sealed record DeployModel(
    Frame Frame,
    Visit Visit,
    ServiceConfiguration Service,
    IReadOnlyList<DeployField> Fields,
    IReadOnlyList<string> Unfillable,
    IReadOnlyList<string> Commands,
    bool MayDeploy
) : IPageModel
{
    /// <summary>Those that it is deployed on; null for this one.</summary>
    internal string? Machines { get; init; }
}
