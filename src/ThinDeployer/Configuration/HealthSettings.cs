using ThinDeployer.Security;

namespace ThinDeployer.Configuration;

/// <summary>Who may see how the server is, and when that is bad.</summary>
/// <param name="Token">Opens the health check; null where nobody may see it.</param>
/// <param name="MinimumTokenLength">Characters that each token should have.</param>
/// <param name="MaximumDiskUsage">Percent.</param>
/// <param name="DataFolder">Full path; its disk is looked at.</param>
internal sealed record HealthSettings(Secret? Token, int MinimumTokenLength, int MaximumDiskUsage, string DataFolder)
{
    internal static HealthSettings Read(SettingsSource source, string dataFolder) =>
        new(
            source.Of(Switches.HealthToken),
            source.Of(Switches.MinimumTokenLength),
            source.Of(Switches.MaximumDiskUsage),
            dataFolder
        );
}
