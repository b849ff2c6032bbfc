namespace ThinDeployer.Configuration;

/// <summary>A configuration as a host sees it: readable or not, and what to tell the operator.</summary>
public sealed class LoadedConfiguration
{
    private LoadedConfiguration(ConfigurationSnapshot snapshot) => Snapshot = snapshot;

    internal ConfigurationSnapshot Snapshot { get; }

    /// <summary>Each on one line, those of a file with line and column; empty when the configuration can be used.</summary>
    public IReadOnlyList<string> Mistakes => Snapshot.Mistakes;

    /// <summary>In alphabetical order.</summary>
    public IReadOnlyList<string> ServiceNames => [.. Snapshot.Services.Keys.Order(StringComparer.Ordinal)];

    /// <summary>
    /// Reads the configuration that the settings name; mistakes of the settings themselves count as its own.
    /// </summary>
    /// <exception cref="IOException">No descriptor is free to read it.</exception>
    public static LoadedConfiguration Load(ServerSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return Load(settings.Configuration);
    }

    /// <inheritdoc cref="Load(ServerSettings)"/>
    internal static LoadedConfiguration Load(ConfigurationSettings settings, TimeProvider? time = null)
    {
        var read = ConfigurationReader.Read(
            settings.Path,
            Environment.GetEnvironmentVariable,
            SettingsSource.HomeFolder,
            settings.ServerSecrets,
            settings.MinimumTokenLength,
            (time ?? TimeProvider.System).GetUtcNow(),
            settings.IsAgent
        );
        return new LoadedConfiguration(
            new ConfigurationSnapshot(read.Services, read.Problems, settings.Mistakes, read.Sources)
        );
    }
}
