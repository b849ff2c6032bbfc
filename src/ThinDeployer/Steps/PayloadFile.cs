using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using ThinDeployer.Output;
using ThinDeployer.Yaml;

namespace ThinDeployer.Steps;

/// <summary>
/// The body of the request that asked for a deployment, as a file that only the user of a step may read. It is written
/// when the first step needs it, and gone when the deployment ends. Beside the record, where nobody else may look; for
/// another user, who must get there, in the temporary folder, and what is beside the record is a link to it.
/// </summary>
/// <param name="folder">Of all such files; it is made where it is missing.</param>
/// <param name="id">Of the deployment.</param>
/// <param name="write">Writes the body, from where it is kept; false where it is not any more. Null for an empty one.</param>
internal sealed partial class PayloadFile(string folder, string id, Func<Stream, bool>? write) : IDisposable
{
    /// <summary>Stands for an empty body: a command may read it all the same.</summary>
    private const string Nothing = "/dev/null";

    /// <summary>
    /// Stands for one that could not be written: nothing can ever be there, and who reads it says what happened.
    /// </summary>
    internal const string Unwritten = "/dev/null/the-request-body-could-not-be-written";

    /// <summary>Within the temporary folder.</summary>
    private const string Name = "payload";

    private const UnixFileMode ForOwner = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Others may pass to their own file, and not look round.</summary>
    private const UnixFileMode ForPassing =
        ForOwner | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>O_CLOEXEC, O_NOFOLLOW and O_DIRECTORY of Linux, by the architecture.</summary>
    private static readonly int FolderItself =
        0x80000 | (RuntimeInformation.ProcessArchitecture is Architecture.Arm64 ? 0x8000 | 0x4000 : 0x20000 | 0x10000);

    /// <summary>By the entry beside the record; null while it could not be written.</summary>
    private readonly Dictionary<string, string?> _paths = new(StringComparer.Ordinal);

    /// <summary>Whether the request had none.</summary>
    internal bool IsEmpty => write is null;

    /// <summary>The full path of the file for a user; null is the server's own.</summary>
    /// <exception cref="IOException">The disk is full, a folder can't be written, or the body can't be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder or the file is another user's.</exception>
    internal string PathFor(UserAccount? user)
    {
        if (write is null)
        {
            return Nothing;
        }

        var other = user is { IsServerItself: false } ? user : null;
        var entry = Path.Join(folder, other is null ? id : $"{id}.{other.Name}");
        if (_paths.GetValueOrDefault(entry) is { } path)
        {
            return path;
        }

        _paths[entry] = null;
        return _paths[entry] = Write(write, entry, other);
    }

    public void Dispose()
    {
        foreach (var entry in _paths.Keys)
        {
            Remove(entry);
        }

        _paths.Clear();
    }

    /// <summary>Removes what a crash left. Never fails: what can't be removed is readable by its owner only.</summary>
    internal static void RemoveLeftovers(string folder)
    {
        try
        {
            foreach (var entry in Directory.EnumerateFileSystemEntries(folder))
            {
                Remove(entry);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // There is none, or none that may be read.
        }
    }

    private string Write(Func<Stream, bool> write, string entry, UserAccount? other)
    {
        // What an attempt before left.
        Remove(entry);
        OwnerFolder.Make(folder);
        var path = other is null ? entry : Path.Join(MakeElsewhere(entry), Name);
        using var file = new FileStream(
            path,
            new FileStreamOptions
            {
                Mode = FileMode.Create,
                Access = FileAccess.Write,
                BufferSize = 0,
                UnixCreateMode = ForOwner,
            }
        );
        if (!write(file))
        {
            return Nothing;
        }

        other?.Own(file.SafeFileHandle);
        return path;
    }

    /// <summary>A folder that others pass, made by mkdtemp(3): nobody can have put a link in its place.</summary>
    private string MakeElsewhere(string entry)
    {
        var made = Directory.CreateTempSubdirectory($"thin-deployer-{id}-").FullName;
        File.CreateSymbolicLink(entry, made);
        File.SetUnixFileMode(made, ForPassing);
        return made;
    }

    private static void Remove(string entry)
    {
        try
        {
            if (new FileInfo(entry).LinkTarget is { } elsewhere)
            {
                RemoveElsewhere(elsewhere);
            }

            File.Delete(entry);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It is readable by its owner only, and the next start tries again.
        }
    }

    /// <summary>
    /// Only what is known, and only in a folder of ours, whatever stands under its name meanwhile: the temporary folder is
    /// everybody's.
    /// </summary>
    private static void RemoveElsewhere(string made)
    {
        using var opened = Open(made, FolderItself);
        if (!opened.IsInvalid && FileStatus.Of(opened)?.Owner == SystemUser.EffectiveId)
        {
            File.Delete($"/proc/self/fd/{opened.DangerousGetHandle()}/{Name}");
            Directory.Delete(made);
        }
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle Open(string path, int flags);
}
