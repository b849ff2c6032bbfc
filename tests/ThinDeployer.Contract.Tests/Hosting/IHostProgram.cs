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

    /// <summary>The id of the process that holds the core, where that is a child of the one that was started.</summary>
    /// <param name="program">The id of the one that was started.</param>
    int CoreOf(int program) => program;
}
