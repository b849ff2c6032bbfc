using System.Globalization;
using System.Runtime.InteropServices;

namespace ThinDeployer.Steps;

/// <summary>
/// Keeps from the commands what a new process inherits and .NET passes on: ignored and blocked signals, and open files that
/// the server was itself started with.
/// </summary>
internal static partial class Inheritance
{
    /// <summary>SIGRTMAX of Linux.</summary>
    private const int LastSignal = 64;

    /// <summary>Of a <c>sigset_t</c> and a <c>struct sigaction</c>, in glibc and musl; bytes, more than either has.</summary>
    private const int Room = 512;

    /// <summary>Once, before the first command.</summary>
    internal static void Prevent()
    {
        RestoreIgnoredSignals();
        CloseFilesOnExecution();
    }

    /// <summary>What this thread starts next has no signal blocked. The C library's own stay as they are.</summary>
    internal static void UnblockSignals()
    {
        const int setMask = 2;
        Span<byte> none = stackalloc byte[Room];
        none.Clear();
        _ = SetBlockedSignals(setMask, ref MemoryMarshal.GetReference(none), 0);
    }

    /// <summary>
    /// .NET ignores SIGPIPE, so <c>yes | head -1</c> would never end; <c>nohup</c> ignores SIGHUP, and a shell without job
    /// control SIGINT and SIGQUIT of what it starts in the background. A handler, unlike an ignored signal, is reset in a new
    /// program; ours does nothing, so the server goes on as before: its own writes to a closed socket still come back as
    /// exceptions. Those beyond a limit of the file size (<c>LimitFSIZE</c>), which would end it, do from here on.
    /// </summary>
    private static void RestoreIgnoredSignals()
    {
        var nothing = NativeLibrary.GetExport(NativeLibrary.GetMainProgramHandle(), "getpid");
        for (var signal = 1; signal <= LastSignal; signal++)
        {
            if (signal is PosixSignals.Pipe or PosixSignals.FileTooLarge || IsIgnored(signal))
            {
                SetHandler(signal, nothing);
            }
        }
    }

    private static bool IsIgnored(int signal)
    {
        const int ignored = 1;
        Span<byte> action = stackalloc byte[Room];
        action.Clear();
        // The handler is the first member of struct sigaction (sigaction(2)).
        return GetAction(signal, 0, ref MemoryMarshal.GetReference(action)) == 0
            && MemoryMarshal.Read<nint>(action) == ignored;
    }

    /// <summary>All that .NET and SQLite open is closed so anyway.</summary>
    private static void CloseFilesOnExecution()
    {
        const int setDescriptorFlags = 2;
        const int closeOnExec = 1;
        const int lastStandard = 2;
        foreach (var path in Directory.EnumerateFileSystemEntries("/proc/self/fd"))
        {
            if (int.Parse(Path.GetFileName(path), CultureInfo.InvariantCulture) is > lastStandard and var descriptor)
            {
                _ = Control(descriptor, setDescriptorFlags, closeOnExec);
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "signal")]
    private static partial nint SetHandler(int signal, nint handler);

    [LibraryImport("libc", EntryPoint = "sigaction")]
    private static partial int GetAction(int signal, nint none, ref byte action);

    [LibraryImport("libc", EntryPoint = "pthread_sigmask")]
    private static partial int SetBlockedSignals(int how, ref byte signals, nint none);

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int Control(int descriptor, int command, int argument);
}
