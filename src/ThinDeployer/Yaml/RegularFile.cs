using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ThinDeployer.Yaml;

/// <summary>
/// Opens a file only if it is a regular one. The framework's own way waits on a FIFO until somebody writes to it, so
/// this one asks Linux itself, and looks at what was opened rather than at the path, which may change in between.
/// </summary>
internal static partial class RegularFile
{
    // Values of Linux, the same on x64 and arm64.
    private const int ReadOnly = 0;
    private const int DoNotBlock = 0x800;
    private const int CloseOnExec = 0x80000;

    /// <summary>O_NOFOLLOW, by the architecture.</summary>
    private static readonly int Itself =
        RuntimeInformation.ProcessArchitecture is Architecture.Arm64 ? 0x8000 : 0x20000;

    /// <summary>Null with a sentence that says why not.</summary>
    /// <exception cref="IOException">No descriptor is free: that says nothing of the file.</exception>
    internal static SafeFileHandle? Open(string path, out string refusal) => Open(path, 0, out refusal);

    /// <summary>As <see cref="Open(string, out string)"/>, and not where the path is a symbolic link.</summary>
    /// <exception cref="IOException">No descriptor is free: that says nothing of the file.</exception>
    internal static SafeFileHandle? OpenItself(string path, out string refusal) => Open(path, Itself, out refusal);

    private static SafeFileHandle? Open(string path, int more, out string refusal)
    {
        // A C string would end there and name another file.
        if (path.Contains('\0'))
        {
            refusal = "the path holds a NUL character";
            return null;
        }
        var handle = OpenFile(path, ReadOnly | DoNotBlock | CloseOnExec | more);
        var error = Marshal.GetLastPInvokeError();
        if (handle.IsInvalid && OutOfDescriptors.IsCause(error))
        {
            throw OutOfDescriptors.Because(error);
        }

        refusal = handle.IsInvalid ? WhyNotOpened(error) : WhyNotRegular(handle);
        if (refusal.Length == 0)
        {
            return handle;
        }
        handle.Dispose();
        return null;
    }

    private static string WhyNotOpened(int error) =>
        error switch
        {
            2 => "the file is missing",
            6 => "this is a socket or a device, not a regular file",
            13 => "the file can't be read: permission denied",
            20 => "the file is missing: a part of its path is not a folder",
            36 => "the path is too long",
            40 => "the file can't be read: its symbolic links go round in a circle",
            _ => $"the file can't be read: {Marshal.GetPInvokeErrorMessage(error)}",
        };

    private static string WhyNotRegular(SafeFileHandle handle) =>
        FileStatus.Of(handle) switch
        {
            null => $"the file can't be examined: {Marshal.GetLastPInvokeErrorMessage()}",
            { IsRegular: true } => "",
            { IsFolder: true } => "this is a folder, not a file",
            _ => "this is a pipe or a device, not a regular file",
        };

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle OpenFile(string path, int flags);
}
