using ThinDeployer.Output;

namespace ThinDeployer.Storage;

/// <summary>The folder of all that outlives the program, held by one program at a time.</summary>
/// <remarks>It is for its owner only: one that others may write is mended, or refused where that can't be.</remarks>
internal sealed class DataFolder : IDisposable
{
    private const UnixFileMode OthersWrite = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    private readonly FolderLock _lock;

    private DataFolder(string path, FolderLock held)
    {
        FullName = path;
        _lock = held;
        OutputFolder = OutputsOf(path);
    }

    /// <summary>How long another program, such as one that is just stopping, may hold one.</summary>
    internal static readonly TimeSpan LockPatience = TimeSpan.FromSeconds(15);

    internal string FullName { get; }

    /// <summary>The folder of the deployments' output.</summary>
    internal string OutputFolder { get; }

    /// <summary>Makes the folder where it is missing, and takes it.</summary>
    /// <param name="path">A full path.</param>
    /// <param name="patience">How long to wait for another program to let go of it.</param>
    /// <exception cref="StorageException">It can't be made or written, or another program holds it.</exception>
    internal static async Task<DataFolder> OpenAsync(
        string path,
        TimeSpan patience,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        try
        {
            Make(path);
            KeepOthersOut(path);
            var held = await FolderLock.TakeAsync(path, patience, time, cancellationToken);
            try
            {
                RestoredFiles.Finish(path);
                OwnerFolder.Make(OutputsOf(path));
                return new DataFolder(path, held);
            }
            catch
            {
                held.Dispose();
                throw;
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            var reason = File.Exists(path) ? "it is a file" : exception.Message.TrimEnd('.');
            throw new StorageException($"The data folder {path} can't be used: {reason}.", exception);
        }
    }

    public void Dispose() => _lock.Dispose();

    internal string At(string name) => Path.Combine(FullName, name);

    /// <summary>Makes an empty file for its owner only, where there is none.</summary>
    internal static void Touch(string path)
    {
        using var file = OwnerFile(path, FileShare.ReadWrite);
    }

    /// <summary>Opens a file for writing, and makes it for its owner only where there is none.</summary>
    internal static FileStream OwnerFile(string path, FileShare share) =>
        new(
            path,
            new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate,
                Access = FileAccess.ReadWrite,
                Share = share,
                BufferSize = 0,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            }
        );

    private static void Make(string path) => Directory.CreateDirectory(path, OwnerFolder.Mode);

    /// <summary>
    /// Who may write it may put another record there, or take this one away. A folder that holds other things as well is not
    /// ours to close.
    /// </summary>
    private static void KeepOthersOut(string path)
    {
        if ((File.GetUnixFileMode(path) & OthersWrite) == UnixFileMode.None)
        {
            return;
        }

        if (File.Exists(Path.Combine(path, RecordFile.Name)) || !Directory.EnumerateFileSystemEntries(path).Any())
        {
            TryMend(path);
        }

        if ((File.GetUnixFileMode(path) & OthersWrite) != UnixFileMode.None)
        {
            throw new StorageException(
                $"The data folder {path} can't be used: others may write it; chmod 700 it, or name a folder of its own with --data."
            );
        }
    }

    private static void TryMend(string path)
    {
        try
        {
            File.SetUnixFileMode(path, OwnerFolder.Mode);
        }
        catch (UnauthorizedAccessException)
        {
            // Another user's.
        }
    }

    internal static string OutputsOf(string path) => Path.Combine(path, "logs");
}
