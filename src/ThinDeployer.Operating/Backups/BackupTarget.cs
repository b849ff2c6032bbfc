using ThinDeployer.Storage;

namespace ThinDeployer.Operating.Backups;

/// <summary>The file that a backup becomes once it is whole: until then it grows in a folder beside it.</summary>
internal sealed class BackupTarget : IDisposable
{
    private readonly string _path;
    private readonly bool _mayReplace;

    private BackupTarget(string path, string scratch, bool mayReplace) =>
        (_path, Scratch, _mayReplace) = (path, scratch, mayReplace);

    /// <summary>A folder for the owner only, on the same disk.</summary>
    internal string Scratch { get; }

    private string Grown => Path.Combine(Scratch, "archive");

    /// <param name="path">Full path.</param>
    /// <param name="mayReplace">A file that is there, and never anything else.</param>
    /// <exception cref="BackupException">There is something already.</exception>
    /// <exception cref="IOException">The folder is missing, or there is no room.</exception>
    internal static BackupTarget Begin(string path, bool mayReplace)
    {
        Refuse(path, mayReplace);
        var scratch = Path.Combine(
            Path.GetDirectoryName(path) ?? "/",
            $".{Path.GetFileName(path)}.{Path.GetRandomFileName()}"
        );
        ThinDeployer.Output.OwnerFolder.Make(scratch);
        return new BackupTarget(path, scratch, mayReplace);
    }

    internal FileStream Open() => DataFolder.OwnerFile(Grown, FileShare.Read);

    /// <summary>On disk, and all at once.</summary>
    /// <exception cref="BackupException">There is something meanwhile.</exception>
    internal void Finish()
    {
        DiskSync.File(Grown);
        Refuse(_path, _mayReplace);
        File.Move(Grown, _path, _mayReplace);
        DiskSync.Folder(Path.GetDirectoryName(_path) ?? "/");
    }

    public void Dispose() => Directory.Delete(Scratch, recursive: true);

    private static void Refuse(string path, bool mayReplace)
    {
        if (Yaml.FileStatus.Of(path) is not { } there)
        {
            return;
        }

        if (!there.IsRegular)
        {
            throw new BackupException($"{path} is no file.");
        }

        if (!mayReplace)
        {
            throw new BackupException($"{path} is there already: --force replaces it.");
        }
    }
}
