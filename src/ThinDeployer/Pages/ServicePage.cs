using AspNetCoreGeneratedDocument;
using ThinDeployer.Configuration;
using ThinDeployer.Deployments;
using ThinDeployer.Http;
using ThinDeployer.Security;

namespace ThinDeployer.Pages;

/// <summary><c>/ui/services/{name}</c>: the history of a service, what came in for it, and how it is configured.</summary>
internal sealed class ServicePage(PageAccess access, OperatorTexts texts, CredentialUses uses) : IRouteGroup
{
    /// <summary>Deployments that its figures are about.</summary>
    private const int Figures = 100;

    /// <summary>Deployments that it lists.</summary>
    private const int Listed = 20;

    public IReadOnlyList<RouteEntry> Routes =>
        [
            new(
                "ui/services/{name}",
                ["GET"],
                (context, name) => access.OpenAsync(context, PageAccess.NoArguments, visit => ShowAsync(visit, name))
            ),
        ];

    private Task ShowAsync(Visit visit, string name)
    {
        var service = visit.Service(name);
        var past = visit.Caller.MaySee(name) ? visit.Desk.Newest([name], Figures) : [];
        if (service is null && past.Count == 0)
        {
            return NothingPage.WriteAsync(visit, "There is no such service, or your token does not open it");
        }

        var model = new ServiceModel(
            visit.Frame with
            {
                Title = name,
                Events = visit.Events,
                State = past.FirstOrDefault(one => one.Status is not DeploymentStatus.Superseded)?.Status,
            },
            visit,
            name,
            service,
            past.Count > 0 && visit.Desk.Live([name]) is [var live] ? live : null,
            new ServiceFigures(past),
            visit.Desk.List(new DeploymentFilter([name], Status: null, Before: null, Listed)),
            visit.Desk.Queue([name]),
            service is null ? [] : visit.Desk.Deliveries(name),
            service is null ? null : texts.Explain(service),
            visit.Desk.PauseOf(name),
            visit.May(name, Rights.Pause),
            service is null || !visit.Caller.SeesAll
                ? []
                : [.. service.Credentials.Known.Select(known => (known, uses.LastOf(name, known.Name)))]
        );
        return PageAnswer.WriteAsync(visit.Context, new Pages_Templates_Service { Model = model });
    }
}

/// <param name="Configuration">Null where it is not configured any more.</param>
/// <param name="Paused">Null where it is not.</param>
/// <param name="Live">Null where none succeeded.</param>
/// <param name="Credentials">Empty for who may not know of them.</param>
/// <param name="Explained">As <c>explain</c> shows it; null where it is not configured any more.</param>
internal sealed record ServiceModel(
    Frame Frame,
    Visit Visit,
    string Name,
    ServiceConfiguration? Configuration,
    DeploymentEntry? Live,
    ServiceFigures Figures,
    IReadOnlyList<SeenDeployment> History,
    QueueView Queue,
    IReadOnlyList<Delivery> Deliveries,
    string? Explained,
    Pause? Paused,
    bool MayPause,
    IReadOnlyList<(KnownCredential Known, DateTimeOffset? LastUsedAt)> Credentials
) : IPageModel;
