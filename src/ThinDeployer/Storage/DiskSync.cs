using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ThinDeployer.Storage;

/// <summary>Waits until the disk has what was written, so that a power cut takes none of it back.</summary>
internal static partial class DiskSync
{
    private const int ReadOnly = 0;
    private const int CloseOnExec = 0x80000;

    /// <exception cref="IOException">The disk has not taken it.</exception>
    internal static void File(string path)
    {
        using var handle = System.IO.File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        RandomAccess.FlushToDisk(handle);
    }

    /// <summary>Which names a folder has. The framework opens no folder.</summary>
    /// <exception cref="IOException">The disk has not taken it.</exception>
    internal static void Folder(string path)
    {
        using var handle = Open(path, ReadOnly | CloseOnExec);
        if (handle.IsInvalid || Sync(handle) != 0)
        {
            throw new IOException($"{path}: {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Sync(SafeFileHandle handle);
}
