using ThinDeployer.Output;

namespace ThinDeployer.Storage;

/// <summary>
/// Puts a restored record and its outputs in the place of what a data folder had. They are made in a folder within; its name
/// then changes, and from then on the restore has happened: whoever opens the data folder next finishes it, however often
/// that is broken off.
/// </summary>
/// <remarks>What the data folder had stays in <c>before-restore-TIME</c>.</remarks>
internal sealed class RestoredFiles
{
    private const string Outputs = "logs";
    private const string Unfinished = "restoring";
    private const string Committed = "restored";
    private const string Old = "old";

    /// <summary>What belongs together: with the log of another record, SQLite would damage one.</summary>
    private static readonly string[] Replaced =
    [
        RecordFile.Name + "-wal",
        RecordFile.Name + "-shm",
        RecordFile.Name + "-journal",
        RecordFile.Name,
        Outputs,
    ];

    private readonly string _data;

    private RestoredFiles(string data) => _data = data;

    /// <summary>Where the restored files are made: a data folder of their own.</summary>
    internal string Folder => Path.Combine(_data, Unfinished);

    /// <param name="data">A data folder that is held.</param>
    internal static RestoredFiles Begin(string data)
    {
        var files = new RestoredFiles(data);
        Remove(files.Folder);
        OwnerFolder.Make(files.Folder);
        return files;
    }

    /// <summary>Before <see cref="Commit"/>: the data folder has what it had.</summary>
    internal void GiveUp() => Remove(Folder);

    /// <summary>All at once, and on disk.</summary>
    /// <param name="at">For the name of the folder that keeps what was there.</param>
    /// <returns>That folder; null where there was nothing.</returns>
    internal string? Commit(DateTimeOffset at)
    {
        // Nothing of it is needed where it goes to.
        foreach (var path in Directory.EnumerateFileSystemEntries(Folder))
        {
            if (Path.GetFileName(path) is not (RecordFile.Name or Outputs))
            {
                Remove(path);
            }
        }

        var kept = $"before-restore-{at.UtcDateTime:yyyyMMdd'T'HHmmss'Z'}";
        Directory.CreateDirectory(Path.Combine(Folder, Old, kept), OwnerFolder.Mode);
        Sync(Folder);
        Directory.Move(Folder, Path.Combine(_data, Committed));
        DiskSync.Folder(_data);
        Finish(_data);
        return Directory.Exists(Path.Combine(_data, kept)) ? Path.Combine(_data, kept) : null;
    }

    /// <summary>Each step may have been done before. The old is moved away wholly before the first of the new comes.</summary>
    /// <param name="data">A data folder that is held.</param>
    /// <exception cref="IOException">The disk does not take it.</exception>
    internal static void Finish(string data)
    {
        var committed = Path.Combine(data, Committed);
        if (!Directory.Exists(committed))
        {
            // Of one that was killed before that: the folder is held, so nobody goes on with it.
            Remove(Path.Combine(data, Unfinished));
            return;
        }

        // Null where it is in its place already.
        var parent = Path.Combine(committed, Old);
        var old = Directory.Exists(parent) ? Directory.EnumerateDirectories(parent).SingleOrDefault() : null;
        if (old is not null && Directory.Exists(Path.Combine(committed, Outputs)))
        {
            foreach (var name in Replaced)
            {
                MoveIfThere(Path.Combine(data, name), Path.Combine(old, name));
            }

            DiskSync.Folder(old);
            DiskSync.Folder(data);
        }

        // The outputs go first: as long as they are here, nothing of the new is there.
        MoveIfThere(Path.Combine(committed, Outputs), Path.Combine(data, Outputs));
        MoveIfThere(Path.Combine(committed, RecordFile.Name), Path.Combine(data, RecordFile.Name));
        DiskSync.Folder(data);
        if (old is not null && Directory.EnumerateFiles(old, "*", SearchOption.AllDirectories).Any())
        {
            Directory.Move(old, Free(Path.Combine(data, Path.GetFileName(old))));
        }

        Remove(committed);
        DiskSync.Folder(data);
    }

    private static string Free(string path) => Path.Exists(path) ? Free(path + "-1") : path;

    private static void MoveIfThere(string from, string to)
    {
        if (Directory.Exists(from))
        {
            Directory.Move(from, to);
        }
        else if (File.Exists(from))
        {
            File.Move(from, to);
        }
    }

    private static void Remove(string path)
    {
        if (Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }
        else
        {
            File.Delete(path);
        }
    }

    private static void Sync(string folder)
    {
        foreach (var path in Directory.EnumerateFiles(folder))
        {
            DiskSync.File(path);
        }

        foreach (var path in Directory.EnumerateDirectories(folder))
        {
            Sync(path);
        }

        DiskSync.Folder(folder);
    }
}
