using System.Runtime.InteropServices;

namespace ThinDeployer.Contract.Tests.Hosting;

/// <summary>Signals to a process, as kill(2) sends them.</summary>
internal static partial class PosixSignal
{
    internal const int Interrupt = 2;
    internal const int Kill = 9;
    internal const int User1 = 10;
    internal const int HangUp = 1;
    internal const int Terminate = 15;

    internal static void Send(int processId, int signal) => _ = SendSignal(processId, signal);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int processId, int signal);
}
