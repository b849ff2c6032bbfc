using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace ThinDeployer.Yaml;

/// <summary>What Linux says of a file or a folder, behind all symbolic links.</summary>
/// <param name="Mode">Type and permissions, as stat(2) has them.</param>
/// <param name="Owner">The number of a user.</param>
/// <param name="Group">The number of a group.</param>
/// <param name="Inode">Names it within its disk.</param>
internal sealed partial record FileStatus(int Mode, uint Owner, uint Group, ulong Inode)
{
    // Values of Linux, the same on x64 and arm64.
    private const int CurrentFolder = -100;
    private const int EmptyPath = 0x1000;
    private const uint TypeModeOwnerGroupAndInode = 0x1 | 0x2 | 0x8 | 0x10 | 0x100;
    private const int LongestPath = 4096;
    private const int TypeMask = 0xF000;
    private const int RegularType = 0x8000;
    private const int FolderType = 0x4000;

    internal bool IsRegular => (Mode & TypeMask) == RegularType;

    internal bool IsFolder => (Mode & TypeMask) == FolderType;

    internal UnixFileMode Permissions => (UnixFileMode)(Mode & 0xFFF);

    /// <summary>Null where there is nothing, or nothing that we may see.</summary>
    internal static FileStatus? Of(string path) =>
        path.Contains('\0') || Read(CurrentFolder, path, 0, TypeModeOwnerGroupAndInode, out var status) != 0
            ? null
            : Made(status);

    /// <summary>Null with the error's number in <see cref="Marshal.GetLastPInvokeError"/>.</summary>
    internal static FileStatus? Of(SafeFileHandle handle) =>
        Read(handle, "", EmptyPath, TypeModeOwnerGroupAndInode, out var status) != 0 ? null : Made(status);

    /// <summary>
    /// Whether every user of the machine has this permission: the file gives it to others, and no folder on the way
    /// keeps them out.
    /// </summary>
    internal static bool IsOpenToAll(string path, UnixFileMode permission)
    {
        if (Of(path)?.Permissions.HasFlag(permission) != true || RealPath(path) is not { } real)
        {
            return false;
        }

        for (var folder = Path.GetDirectoryName(real); folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (Of(folder)?.Permissions.HasFlag(UnixFileMode.OtherExecute) != true)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Without symbolic links; null where there is nothing.</summary>
    private static string? RealPath(string path)
    {
        var buffer = new byte[LongestPath];
        return Resolve(path, buffer) == 0 ? null : Encoding.UTF8.GetString(buffer.AsSpan(0, buffer.IndexOf((byte)0)));
    }

    private static FileStatus Made(in Status status) => new(status.Mode, status.Owner, status.Group, status.Inode);

    // statx and not stat: its record is laid out alike on every architecture.
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    [SuppressMessage("Style", "IDE0044", Justification = "The kernel writes it.")]
    private struct Status
    {
        [FieldOffset(20)]
        internal uint Owner;

        [FieldOffset(24)]
        internal uint Group;

        [FieldOffset(28)]
        internal ushort Mode;

        [FieldOffset(32)]
        internal ulong Inode;
    }

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Read(SafeFileHandle handle, string path, int flags, uint mask, out Status status);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Read(int folder, string path, int flags, uint mask, out Status status);

    [LibraryImport("libc", EntryPoint = "realpath", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint Resolve(string path, [Out] byte[] buffer);
}
