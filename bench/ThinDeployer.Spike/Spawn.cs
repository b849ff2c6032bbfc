using System.ComponentModel;
using System.Runtime.InteropServices;

namespace ThinDeployer.Spike;

/// <summary>Starts a program in a session of its own by posix_spawn(3), as C would, and waits for it on the caller's thread.</summary>
internal static unsafe partial class Spawn
{
    /// <summary>POSIX_SPAWN_SETSID of glibc's spawn.h.</summary>
    private const short NewSession = 0x80;

    /// <summary>More than glibc's structures of both kinds take. Bytes.</summary>
    private const int Room = 512;
    private const int CloseOnExec = 0x80000;
    private const int BufferBytes = 64 * 1024;

    /// <returns>What it printed, both streams in one.</returns>
    /// <exception cref="Win32Exception">It could not be started.</exception>
    internal static byte[] Run(IReadOnlyList<string> command)
    {
        var ends = stackalloc int[2];
        Check(Pipe(ends, CloseOnExec) == 0 ? 0 : Marshal.GetLastPInvokeError());
        var process = Start(command, ends[1]);
        _ = Close(ends[1]);
        var output = new MemoryStream();
        var buffer = stackalloc byte[BufferBytes];
        while (Read(ends[0], buffer, BufferBytes) is > 0 and var count)
        {
            output.Write(new ReadOnlySpan<byte>(buffer, (int)count));
        }

        _ = Close(ends[0]);
        _ = Wait(process, out _, 0);
        return output.ToArray();
    }

    private static int Start(IReadOnlyList<string> command, int output)
    {
        var actions = stackalloc byte[Room];
        var attributes = stackalloc byte[Room];
        var arguments = stackalloc nint[command.Count + 1];
        try
        {
            for (var index = 0; index < command.Count; index++)
            {
                arguments[index] = Marshal.StringToCoTaskMemUTF8(command[index]);
            }

            arguments[command.Count] = 0;
            Check(InitializeActions(actions));
            Check(AddDuplicate(actions, output, 1));
            Check(AddDuplicate(actions, output, 2));
            Check(InitializeAttributes(attributes));
            Check(SetFlags(attributes, NewSession));
            Check(StartProgram(out var process, arguments[0], actions, attributes, arguments, Environment()));
            return process;
        }
        finally
        {
            _ = DestroyActions(actions);
            _ = DestroyAttributes(attributes);
            for (var index = 0; index < command.Count; index++)
            {
                Marshal.FreeCoTaskMem(arguments[index]);
            }
        }
    }

    private static nint* Environment() =>
        *(nint**)NativeLibrary.GetExport(NativeLibrary.GetMainProgramHandle(), "environ");

    private static void Check(int fault)
    {
        if (fault != 0)
        {
            throw new Win32Exception(fault);
        }
    }

    [LibraryImport("libc", EntryPoint = "pipe2", SetLastError = true)]
    private static partial int Pipe(int* ends, int flags);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "read")]
    private static partial nint Read(int descriptor, byte* into, nint count);

    [LibraryImport("libc", EntryPoint = "waitpid")]
    private static partial int Wait(int process, out int status, int options);

    [LibraryImport("libc", EntryPoint = "posix_spawnp")]
    private static partial int StartProgram(
        out int process,
        nint program,
        byte* actions,
        byte* attributes,
        nint* arguments,
        nint* environment
    );

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_init")]
    private static partial int InitializeActions(byte* actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_adddup2")]
    private static partial int AddDuplicate(byte* actions, int from, int to);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_destroy")]
    private static partial int DestroyActions(byte* actions);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_init")]
    private static partial int InitializeAttributes(byte* attributes);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setflags")]
    private static partial int SetFlags(byte* attributes, short flags);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_destroy")]
    private static partial int DestroyAttributes(byte* attributes);
}
