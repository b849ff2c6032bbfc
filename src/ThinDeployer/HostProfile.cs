namespace ThinDeployer;

/// <summary>What differs between the programs that carry the core.</summary>
/// <param name="ShutdownGrace">What running deployments get to finish when the program is told to stop.</param>
/// <param name="StopGrace">What a step's processes then get between SIGTERM and SIGKILL.</param>
/// <param name="LogsToConsole">Whether the console is ours.</param>
public sealed record HostProfile(TimeSpan ShutdownGrace, TimeSpan StopGrace, bool LogsToConsole)
{
    /// <summary>The standalone server: it decides itself when it ends.</summary>
    public static HostProfile Standalone { get; } =
        new(ShutdownGrace: TimeSpan.FromSeconds(10), StopGrace: TimeSpan.FromSeconds(10), LogsToConsole: true);

    /// <summary>
    /// The Azure Functions worker: its host kills it 5 s after it was told to stop, and has a log of its own.
    /// </summary>
    public static HostProfile Functions { get; } =
        new(ShutdownGrace: TimeSpan.FromSeconds(2), StopGrace: TimeSpan.FromSeconds(1), LogsToConsole: false);
}
