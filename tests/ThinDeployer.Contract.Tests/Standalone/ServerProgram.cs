namespace ThinDeployer.Contract.Tests.Standalone;

/// <summary>
/// The file that every test of the standalone server starts: as built beside these tests, or the one that an
/// environment variable of the tests names, such as the native binary. Its name is none that a server would read, and
/// servers are started with an environment of their own.
/// </summary>
internal static class ServerProgram
{
    internal const string Variable = "CONTRACT_TESTS_PROGRAM";

    internal static string Path => Find(Environment.GetEnvironmentVariable(Variable));

    /// <param name="named">A full path: tests run in the folder that they were built into. Empty is not set.</param>
    internal static string Find(string? named)
    {
        if (string.IsNullOrEmpty(named))
        {
            return System.IO.Path.Combine(AppContext.BaseDirectory, "thin-deployer");
        }

        return System.IO.Path.IsPathFullyQualified(named) && File.Exists(named)
            ? named
            : throw new InvalidOperationException(
                $"{Variable} must be the full path of a program, and {named} is none"
            );
    }
}
