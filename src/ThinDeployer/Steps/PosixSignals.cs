using System.Runtime.InteropServices;

namespace ThinDeployer.Steps;

/// <summary>Signals to processes, by a call to the C library.</summary>
internal static partial class PosixSignals
{
    internal const int Kill = 9;
    internal const int Pipe = 13;
    internal const int Terminate = 15;
    internal const int FileTooLarge = 25;

    /// <summary>The name of a signal that a process may die of; null for any other number.</summary>
    internal static string? NameOf(int signal) =>
        signal switch
        {
            1 => "SIGHUP",
            2 => "SIGINT",
            3 => "SIGQUIT",
            4 => "SIGILL",
            6 => "SIGABRT",
            7 => "SIGBUS",
            8 => "SIGFPE",
            Kill => "SIGKILL",
            10 => "SIGUSR1",
            11 => "SIGSEGV",
            12 => "SIGUSR2",
            Pipe => "SIGPIPE",
            14 => "SIGALRM",
            Terminate => "SIGTERM",
            24 => "SIGXCPU",
            FileTooLarge => "SIGXFSZ",
            _ => null,
        };

    /// <summary>False where the process is gone or may not be signalled.</summary>
    internal static bool Send(int processId, int signal) => SendSignal(processId, signal) == 0;

    /// <summary>To all of a group, at one moment: none forks away from it.</summary>
    internal static bool SendToGroup(int group, int signal) => SendSignal(-group, signal) == 0;

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int processId, int signal);
}
