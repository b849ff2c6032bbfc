using System.Runtime.InteropServices;

namespace ThinDeployer.Bench.Programs;

/// <summary>What .NET has no call for.</summary>
internal static partial class Posix
{
    private const int SigTerm = 15;

    internal static void Terminate(int processId) => _ = SendSignal(processId, SigTerm);

    /// <summary>Half a millisecond, which no timer of .NET can wait.</summary>
    internal static void Pause() => _ = Sleep(500);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int processId, int signal);

    [LibraryImport("libc", EntryPoint = "usleep")]
    private static partial int Sleep(uint microseconds);
}
