namespace ThinDeployer.Configuration;

/// <summary>What the engine keeps, and how much it runs.</summary>
/// <param name="DataFolder">Full path of the folder for what must outlive the program.</param>
/// <param name="MaximumParallel">Deployments that run at once over all services.</param>
/// <param name="ShutdownGrace">What running deployments get to finish when the server is told to stop.</param>
internal sealed record EngineSettings(string DataFolder, int MaximumParallel, TimeSpan ShutdownGrace)
{
    /// <summary>Whether spans of deployments and steps are sent to somebody.</summary>
    internal bool SendsTraces { get; init; }

    internal static EngineSettings Read(SettingsSource source) =>
        new(source.PathOf(Switches.Data), source.Of(Switches.MaximumParallel), source.Of(Switches.ShutdownGrace));
}
