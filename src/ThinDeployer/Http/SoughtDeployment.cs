using ThinDeployer.Deployments;

namespace ThinDeployer.Http;

/// <summary>Finds the deployment that a person means, who does not write a whole id.</summary>
internal static class SoughtDeployment
{
    private const string Latest = "latest";

    /// <summary>Fewer would be a guess. Characters.</summary>
    private const int ShortestBeginning = 4;

    /// <param name="record">Where.</param>
    /// <param name="viewer">Finds only what is the viewer's own.</param>
    /// <param name="written">An id, the beginning of one, or <c>latest</c>.</param>
    /// <param name="service">Whose latest; none for that of all.</param>
    /// <returns>None, one, or two where it is not clear.</returns>
    internal static IReadOnlyList<DeploymentEntry> Of(
        IDeploymentRecord record,
        Viewer viewer,
        string written,
        (int Count, string First) service
    )
    {
        if (record.Find(written) is { } exact)
        {
            return viewer.MaySee(exact.Service) ? [exact] : [];
        }

        if (written == Latest)
        {
            var services =
                service.Count == 0 ? viewer.AllServices
                : viewer.MaySee(service.First) ? [service.First]
                : [];
            return record.List(new DeploymentFilter(services, Status: null, Before: null, Limit: 1));
        }

        var beginning = written.ToLowerInvariant();
        return beginning.Length >= ShortestBeginning && beginning.All(IsOfId)
            ? record.FindByBeginning(beginning, viewer.AllServices, limit: 2)
            : [];
    }

    private static bool IsOfId(char character) => char.IsAsciiHexDigitLower(character) || character is '-';
}
