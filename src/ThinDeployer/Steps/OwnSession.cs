namespace ThinDeployer.Steps;

/// <summary>
/// Starts each step in a session of its own, by the program <c>setsid</c> of util-linux: what a step signals by group or
/// session is its own, and it has no terminal (setsid(2)). The program keeps its process id: what .NET starts leads no group.
/// </summary>
internal static class OwnSession
{
    /// <summary>A part of a sentence.</summary>
    internal const string WhyImpossible = "the program setsid was not found; install util-linux";

    /// <summary>Null where it is not installed: then the server does not start.</summary>
    internal static string? Program { get; } = new[] { "/usr/bin/setsid", "/bin/setsid" }.FirstOrDefault(File.Exists);
}
