using System.Globalization;

namespace ThinDeployer.Steps;

/// <summary>Finds out whether a connection from this machine is that of a step, by what <c>/proc</c> shows (proc(5)).</summary>
internal static class CallingStep
{
    private const string Established = "01";
    private static readonly string[] Tables = ["/proc/net/tcp", "/proc/net/tcp6"];

    /// <summary>Whether a step of a deployment holds the other end of a connection.</summary>
    /// <param name="deploymentId">Of the deployment.</param>
    /// <param name="theirPort">The port of the other end.</param>
    /// <param name="ourPort">The port of this end.</param>
    internal static bool IsOf(string deploymentId, int theirPort, int ourPort) =>
        Inode(theirPort, ourPort) is { } inode
        && LiveProcess
            .All()
            .Any(process =>
                process
                    .Variable(StepMarker.Name)
                    ?.StartsWith(StepMarker.BeginningOf(deploymentId), StringComparison.Ordinal) == true
                && process.Holds($"socket:[{inode}]")
            );

    private static string? Inode(int localPort, int remotePort)
    {
        var (local, remote) = (Written(localPort), Written(remotePort));
        return Tables
            .Where(File.Exists)
            .SelectMany(File.ReadLines)
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .FirstOrDefault(fields =>
                fields is [_, var from, var to, Established, _, _, _, _, _, _, ..]
                && from.EndsWith(local, StringComparison.Ordinal)
                && to.EndsWith(remote, StringComparison.Ordinal)
            )
            ?[9];
    }

    private static string Written(int port) => string.Create(CultureInfo.InvariantCulture, $":{port:X4}");
}
