using ThinDeployer.Security;

namespace ThinDeployer.Configuration;

/// <summary>From where the services are read, and what the server itself adds to them.</summary>
/// <param name="Path">Full path of a file or a folder.</param>
/// <param name="MinimumTokenLength">Characters that each token and secret should have.</param>
/// <param name="ServerSecrets">What stands plain in the settings, and in no output.</param>
/// <param name="Mistakes">What of all settings could not be understood, a sentence each.</param>
/// <param name="Warnings">What of all settings can't be had as it is asked for, a sentence each.</param>
internal sealed record ConfigurationSettings(
    string Path,
    int MinimumTokenLength,
    IReadOnlyList<Secret> ServerSecrets,
    IReadOnlyList<string> Mistakes,
    IReadOnlyList<string> Warnings
)
{
    /// <summary>
    /// Whether this machine runs what a front orders: then nobody deploys by the configuration's own credentials, gates and
    /// schedules.
    /// </summary>
    internal bool IsAgent { get; init; }

    internal static ConfigurationSettings Read(
        SettingsSource source,
        int minimumTokenLength,
        IReadOnlyList<Secret> furtherSecrets,
        IReadOnlyList<string> warnings
    ) =>
        new(
            source.PathOf(Switches.Configuration),
            minimumTokenLength,
            [.. source.Secrets(), .. furtherSecrets],
            source.Mistakes,
            warnings
        );
}
