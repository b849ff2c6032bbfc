namespace ThinDeployer.Storage;

/// <summary>The folder of all that outlives the program, held by one program at a time.</summary>
/// <remarks>A folder that is made here is for its owner only; one that exists keeps its mode.</remarks>
internal sealed class DataFolder : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly FolderLock _lock;

    private DataFolder(string path, FolderLock held)
    {
        FullName = path;
        _lock = held;
        LogFolder = LogsOf(path);
    }

    internal string FullName { get; }

    /// <summary>The folder of the deployments' log files.</summary>
    internal string LogFolder { get; }

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
            Make(LogsOf(path));
            return new DataFolder(path, await FolderLock.TakeAsync(path, patience, time, cancellationToken));
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

    private static void Make(string path) => Directory.CreateDirectory(path, OwnerOnly);

    private static string LogsOf(string path) => Path.Combine(path, "logs");
}
