namespace ThinDeployer.Configuration;

/// <summary>
/// The snapshot that counts now. Who decides something reads it once, and decides all of it by that one snapshot.
/// </summary>
internal sealed class CurrentConfiguration(ConfigurationSnapshot first)
{
    private volatile ConfigurationSnapshot _snapshot = first;

    internal ConfigurationSnapshot Snapshot => _snapshot;
}
