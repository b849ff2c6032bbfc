using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using ThinDeployer.Yaml;

namespace ThinDeployer.Steps;

/// <summary>
/// A file of a running deployment that one other user uses, who must get there: in a folder of its own in the temporary
/// folder. What is beside the record is a link to that folder, by which it is found and removed.
/// </summary>
internal static partial class LentFile
{
    private const UnixFileMode ForOwner = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Others may pass to their own file, and not look round.</summary>
    private const UnixFileMode ForPassing =
        ForOwner | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>O_CLOEXEC, O_NOFOLLOW and O_DIRECTORY of Linux, by the architecture.</summary>
    private static readonly int FolderItself =
        0x80000 | (RuntimeInformation.ProcessArchitecture is Architecture.Arm64 ? 0x8000 | 0x4000 : 0x20000 | 0x10000);

    /// <summary>A folder that others pass, made by mkdtemp(3): nobody can have put a link in its place.</summary>
    /// <param name="entry">Beside the record; it becomes a link.</param>
    /// <param name="id">Of the deployment.</param>
    /// <returns>Its full path.</returns>
    /// <exception cref="IOException">There is no room, or there is something else at the entry.</exception>
    /// <exception cref="UnauthorizedAccessException">One of both may not be made.</exception>
    internal static string MakeFolder(string entry, string id)
    {
        var made = Directory.CreateTempSubdirectory($"thin-deployer-{id}-").FullName;
        File.CreateSymbolicLink(entry, made);
        File.SetUnixFileMode(made, ForPassing);
        return made;
    }

    /// <summary>Makes a file that its owner alone may read and write: the server's user, until it is given away.</summary>
    /// <exception cref="IOException">There is no room, or no descriptor.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be made.</exception>
    internal static FileStream Create(string path) =>
        new(
            path,
            new FileStreamOptions
            {
                Mode = FileMode.Create,
                Access = FileAccess.Write,
                BufferSize = 0,
                UnixCreateMode = ForOwner,
            }
        );

    /// <summary>Removes an entry, and what it leads to. Never fails: what can't be removed is its owner's only.</summary>
    /// <param name="entry">Beside the record; a file or a link.</param>
    /// <param name="name">Of the file within the folder.</param>
    internal static void Remove(string entry, string name)
    {
        try
        {
            if (new FileInfo(entry).LinkTarget is { } elsewhere)
            {
                RemoveElsewhere(elsewhere, name);
            }

            File.Delete(entry);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The next start tries again.
        }
    }

    /// <summary>What a crash left in the folder of such entries. Never fails.</summary>
    internal static IReadOnlyList<string> Leftovers(string folder)
    {
        try
        {
            return Directory.GetFileSystemEntries(folder);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // There is none, or none that may be read.
            return [];
        }
    }

    /// <summary>
    /// Only what is known, and only in a folder of ours, whatever stands under its name meanwhile: the temporary folder is
    /// everybody's.
    /// </summary>
    private static void RemoveElsewhere(string made, string name)
    {
        using var opened = Open(made, FolderItself);
        if (!opened.IsInvalid && FileStatus.Of(opened)?.Owner == SystemUser.EffectiveId)
        {
            File.Delete($"/proc/self/fd/{opened.DangerousGetHandle()}/{name}");
            Directory.Delete(made);
        }
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle Open(string path, int flags);
}
