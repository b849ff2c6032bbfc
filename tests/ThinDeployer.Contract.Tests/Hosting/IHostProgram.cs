namespace ThinDeployer.Contract.Tests.Hosting;

/// <summary>
/// How the program of a host is started. Everything that the contract sets is an environment variable; what a host
/// needs beside that, such as a switch for a free port, stands here.
/// </summary>
public interface IHostProgram
{
    /// <summary>Full path of what is executed.</summary>
    string Path { get; }

    IReadOnlyList<string> Arguments { get; }

    /// <summary>Added to the environment that the tests build.</summary>
    IReadOnlyDictionary<string, string> Environment { get; }

    /// <summary>
    /// Whether a proxy of the host's own stands before the core: it hands an answer on once the request's body has come whole,
    /// joins headers that come twice, and takes off what a body was wrapped in on the way.
    /// </summary>
    bool IsBehindProxy => false;

    /// <summary>
    /// What the program has started to hold the core and may outlive it, the newest last; none where it holds the core
    /// itself.
    /// </summary>
    IReadOnlyList<int> ProcessesBehind(StartedProgram program) => [];
}
