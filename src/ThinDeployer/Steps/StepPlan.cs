using ThinDeployer.Shell;

namespace ThinDeployer.Steps;

/// <summary>One command of a service, or what is asked to verify it, and how that is done.</summary>
/// <param name="Folder">Full path; null for the service's own.</param>
/// <param name="Environment">Added to the service's; wins over it.</param>
/// <param name="Timeout">For each attempt; null for no limit but the deployment's.</param>
/// <param name="Retries">Further attempts after one that failed.</param>
/// <param name="RetryDelay">Before the first further attempt; it doubles with each.</param>
/// <param name="ContinueOnError">Whether the next step runs even if this one fails.</param>
/// <param name="RunAs">Null for the service's own.</param>
/// <param name="Umask">What the files that it makes lack; null for the service's own.</param>
internal sealed record StepPlan(
    CommandTemplate Command,
    string? Folder,
    StepVariables Environment,
    TimeSpan? Timeout,
    int Retries,
    TimeSpan RetryDelay,
    bool ContinueOnError,
    UserAccount? RunAs,
    UnixFileMode? Umask
)
{
    /// <summary>What is asked in place of a command, which then says nothing; null for a command.</summary>
    internal UrlCheck? Url { get; init; }

    /// <summary>The command, or the question, as written.</summary>
    internal string Source => Url is null ? Command.Source : $"GET {Url.Written}";
}
