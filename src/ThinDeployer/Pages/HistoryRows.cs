using ThinDeployer.Deployments;
using ThinDeployer.Security;

namespace ThinDeployer.Pages;

/// <summary>Deployments as a list shows them.</summary>
/// <param name="NamesService">Whether they are of several services.</param>
internal sealed record HistoryRows(Visit Visit, IReadOnlyList<SeenDeployment> Rows, bool NamesService)
{
    /// <summary>Of the services of all rows, by name.</summary>
    private readonly Dictionary<string, DeploymentEntry> _live = Visit
        .Desk.Live([.. Rows.Select(row => row.Entry.Service).Distinct(StringComparer.Ordinal)])
        .ToDictionary(entry => entry.Service, StringComparer.Ordinal);

    internal bool IsLive(DeploymentEntry entry) => _live.GetValueOrDefault(entry.Service)?.Id == entry.Id;

    internal bool MayBringBack(DeploymentEntry entry) =>
        entry.MayBeBroughtBack(_live.GetValueOrDefault(entry.Service)) && Visit.May(entry.Service, Rights.Rollback);
}

/// <summary>A button that stops a deployment, for who may.</summary>
internal sealed record StopModel(Visit Visit, string Service, string Id)
{
    /// <summary>Whose it is; null for one of this machine, and of a whole.</summary>
    internal string? Machine { get; init; }
}
