using ThinDeployer.Deployments;

namespace ThinDeployer.Pages;

/// <summary>Deployments as a list shows them.</summary>
/// <param name="NamesService">Whether they are of several services.</param>
internal sealed record HistoryRows(Visit Visit, IReadOnlyList<SeenDeployment> Rows, bool NamesService);

/// <summary>A button that stops a deployment, for who may.</summary>
internal sealed record StopModel(Visit Visit, string Service, string Id);
