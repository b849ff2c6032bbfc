namespace ThinDeployer;

/// <summary>What differs between the programs that carry the core.</summary>
/// <param name="ShutdownGrace">
/// What running deployments get to finish when the program is told to stop; null for what the operator says.
/// </param>
/// <param name="LongestStopGrace">The most that processes may get between SIGTERM and SIGKILL.</param>
/// <param name="NotificationGrace">What notifications that wait then get to be sent.</param>
/// <param name="LongestWait">How long an answer may wait for its deployment; null for as long as it takes.</param>
/// <param name="LargestBody">Bytes of a request's body that its host lets through; null where it has no host.</param>
/// <param name="WaitsForRecord">Whether it starts without its record, and answers 503 until that can be used.</param>
/// <param name="BreaksOffByException">
/// Whether an exception after an answer has begun closes its connection, once what was written is sent.
/// </param>
/// <param name="LogsToConsole">Whether the console is ours.</param>
/// <param name="SeesItsClients">Whether who connects is the client, and not the program's host for anybody.</param>
public sealed record HostProfile(
    TimeSpan? ShutdownGrace,
    TimeSpan LongestStopGrace,
    TimeSpan NotificationGrace,
    TimeSpan? LongestWait,
    long? LargestBody,
    bool WaitsForRecord,
    bool BreaksOffByException,
    bool LogsToConsole,
    bool SeesItsClients
)
{
    /// <summary>The standalone server: it decides itself when it ends.</summary>
    public static HostProfile Standalone { get; } =
        new(
            ShutdownGrace: null,
            LongestStopGrace: TimeSpan.MaxValue,
            NotificationGrace: TimeSpan.FromSeconds(2),
            LongestWait: null,
            LargestBody: null,
            WaitsForRecord: false,
            BreaksOffByException: true,
            LogsToConsole: true,
            SeesItsClients: true
        );

    /// <summary>
    /// The Azure Functions worker: its host kills it 5 s after it was told to stop, cuts an answer that is silent for
    /// 240 s, lets no body above 100 MiB through, starts one worker before the last one has let go, and has a log of its own.
    /// </summary>
    public static HostProfile Functions { get; } =
        new(
            ShutdownGrace: TimeSpan.FromSeconds(2),
            LongestStopGrace: TimeSpan.FromSeconds(1),
            NotificationGrace: TimeSpan.FromSeconds(1),
            LongestWait: TimeSpan.FromSeconds(200),
            LargestBody: 104_857_600,
            WaitsForRecord: true,
            BreaksOffByException: false,
            LogsToConsole: false,
            SeesItsClients: false
        );
}
