using System.Globalization;
using System.Text;

namespace ThinDeployer.Storage;

/// <summary>
/// An exclusive lock on a folder (<c>flock</c> on its file <c>lock</c>): the kernel lets go of it however the program
/// ends. Who holds it stands in <c>lock.pid</c>, since a locked file can't be opened to read it.
/// </summary>
internal sealed class FolderLock : IDisposable
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);

    private readonly FileStream _file;

    private FolderLock(FileStream file) => _file = file;

    internal static async Task<FolderLock> TakeAsync(
        string folder,
        TimeSpan patience,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        var start = time.GetTimestamp();
        while (true)
        {
            if (TryTake(folder) is { } taken)
            {
                return taken;
            }

            if (time.GetElapsedTime(start) >= patience)
            {
                throw new StorageException(
                    $"The data folder {folder} is in use by another Thin Deployer{Holder(folder)}: "
                        + "stop that one, or give this one a folder of its own with --data."
                );
            }

            await Task.Delay(PollInterval, time, cancellationToken);
        }
    }

    public void Dispose() => _file.Dispose();

    /// <summary>Null where another holds it.</summary>
    private static FolderLock? TryTake(string folder)
    {
        try
        {
            var taken = new FolderLock(DataFolder.OwnerFile(Path.Combine(folder, "lock"), FileShare.None));
            WriteHolder(folder);
            return taken;
        }
        catch (IOException exception) when (IsHeld(exception))
        {
            return null;
        }
    }

    /// <summary>The runtime gives the error number of <c>flock</c>: EWOULDBLOCK, 11 on Linux and 35 on BSD.</summary>
    private static bool IsHeld(IOException exception) => exception.HResult is 11 or 35;

    private static void WriteHolder(string folder)
    {
        try
        {
            File.Delete(HolderPath(folder));
            using var file = DataFolder.OwnerFile(HolderPath(folder), FileShare.ReadWrite);
            file.Write(Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture)));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Only a courtesy to the next who asks; the lock is held.
        }
    }

    /// <summary>Empty where the holder has not written its number yet.</summary>
    private static string Holder(string folder)
    {
        try
        {
            var id = File.ReadAllText(HolderPath(folder));
            return id.Length > 0 ? $" (process {id})" : "";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private static string HolderPath(string folder) => Path.Combine(folder, "lock.pid");
}
