using System.Globalization;
using ThinDeployer.Configuration;
using ThinDeployer.Deployments;
using ThinDeployer.Steps;
using ThinDeployer.Storage;
using ThinDeployer.Yaml;

namespace ThinDeployer.Operating.Backups;

/// <summary>Saves the data folder of a server in one file, and makes one of such a file.</summary>
public static class DataBackup
{
    /// <summary>Stands for standard input or output.</summary>
    public const string Stream = "-";

    /// <summary>Deployments that are named.</summary>
    private const int MostNamed = 20;

    /// <summary>Writes a backup while a server may use the data folder.</summary>
    /// <param name="settings">As the server has them.</param>
    /// <param name="path">A file that is made, or <see cref="Stream"/>.</param>
    /// <param name="mayReplace">Whether a file of that name may go.</param>
    /// <returns>What to tell.</returns>
    /// <exception cref="BackupException">There is none, and nothing is left of it.</exception>
    public static IReadOnlyList<string> Save(
        ServerSettings settings,
        string path,
        bool mayReplace,
        Stream output,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(output);
        return Tried(
            path == Stream ? "standard output" : path,
            () =>
            {
                var data = settings.Engine.DataFolder;
                RefuseOthers(data);
                var manifest =
                    path == Stream
                        ? SaveTo(data, output, cancellationToken)
                        : SaveTo(data, Path.GetFullPath(path), mayReplace, cancellationToken);
                return (IReadOnlyList<string>)
                    [
                        $"{Said(manifest)}, from {data}",
                        $"Not in it: the configuration ({settings.Configuration.Path}), the files that it names, and the variables of the server. Save them, too: they hold the secrets.",
                    ];
            }
        );
    }

    /// <summary>Makes the record and the outputs of a backup those of a data folder that no server uses.</summary>
    /// <param name="settings">As the server has them.</param>
    /// <param name="path">A file, or <see cref="Stream"/>.</param>
    /// <param name="mayReplace">Whether a record that is there may be moved aside.</param>
    /// <returns>What to tell.</returns>
    /// <exception cref="BackupException">The data folder has what it had.</exception>
    public static Task<IReadOnlyList<string>> LoadAsync(
        ServerSettings settings,
        string path,
        bool mayReplace,
        Stream input,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(settings);
        var data = settings.Engine.DataFolder;
        return TriedAsync(data, () => LoadAsync(data, path, mayReplace, input, cancellationToken));
    }

    private static BackupManifest SaveTo(string data, Stream output, CancellationToken cancellationToken)
    {
        var scratch = Directory.CreateTempSubdirectory("thin-deployer-backup-");
        try
        {
            using var backup = Backup.Begin(data, scratch.FullName, TimeProvider.System);
            return backup.WriteTo(output, cancellationToken);
        }
        finally
        {
            scratch.Delete(recursive: true);
        }
    }

    private static BackupManifest SaveTo(string data, string path, bool mayReplace, CancellationToken cancellationToken)
    {
        using var target = BackupTarget.Begin(path, mayReplace);
        using var backup = Backup.Begin(data, target.Scratch, TimeProvider.System);
        BackupManifest manifest;
        using (var file = target.Open())
        {
            manifest = backup.WriteTo(file, cancellationToken);
        }

        target.Finish();
        return manifest;
    }

    private static async Task<IReadOnlyList<string>> LoadAsync(
        string data,
        string path,
        bool mayReplace,
        Stream input,
        CancellationToken cancellationToken
    )
    {
        RefuseOthers(data);
        await using var archive = path == Stream ? input : File.OpenRead(path);
        using var folder = await DataFolder.OpenAsync(data, TimeSpan.Zero, TimeProvider.System, cancellationToken);
        if (!mayReplace && File.Exists(folder.At(RecordFile.Name)))
        {
            throw new BackupException($"{data} has a record already: --force moves it aside.");
        }

        var files = RestoredFiles.Begin(data);
        try
        {
            var restore = new Restore(files.Folder);
            var manifest = restore.Unpack(archive, cancellationToken);
            var ended = await restore.EndUnfinishedAsync(manifest.MadeAt, TimeProvider.System, cancellationToken);
            var kept = files.Commit(TimeProvider.System.GetUtcNow());
            return
            [
                $"{Said(manifest)}, now in {data}",
                .. kept is null
                    ? []
                    : new[] { $"What was there before is in {kept}; remove it when it is not needed." },
                .. Ended(ended),
            ];
        }
        catch
        {
            files.GiveUp();
            throw;
        }
    }

    private static IEnumerable<string> Ended(IReadOnlyList<DeploymentEntry> ended)
    {
        if (ended.Count == 0)
        {
            yield break;
        }

        yield return $"{Counted.Of(ended.Count, "deployment")} of it waited or ran at that time. None of them is run now; thin-deployer rerun ID does:";
        foreach (var entry in ended.Take(MostNamed))
        {
            yield return $"  {entry.Id} {entry.Service}: {entry.Status.Name()}";
        }

        if (ended.Count > MostNamed)
        {
            yield return $"  and {ended.Count - MostNamed} more";
        }
    }

    private static string Said(BackupManifest manifest) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Counted.Of(manifest.Deployments, "deployment")}, {Counted.Of(manifest.Outputs, "file")} of output ({manifest.OutputBytes / 1024} KiB), record version {manifest.Schema}, of {manifest.MadeAt:yyyy-MM-dd HH:mm:ss} UTC on {ArchiveReader.Shown(manifest.Host)}"
        );

    /// <summary>What root makes there, the server could not use; what is another's, we may not read.</summary>
    private static void RefuseOthers(string data)
    {
        if (FileStatus.Of(data) is { } folder && folder.Owner != SystemUser.EffectiveId)
        {
            throw new BackupException(
                $"The data folder {data} belongs to the user number {folder.Owner}: run this as that user, "
                    + $"such as by sudo -u '#{folder.Owner}'."
            );
        }
    }

    private static T Tried<T>(string what, Func<T> use)
    {
        try
        {
            return use();
        }
        catch (Exception exception) when (IsExpected(exception))
        {
            throw new BackupException(Told(what, exception), exception);
        }
    }

    private static async Task<T> TriedAsync<T>(string what, Func<Task<T>> use)
    {
        try
        {
            return await use();
        }
        catch (Exception exception) when (IsExpected(exception))
        {
            throw new BackupException(Told(what, exception), exception);
        }
    }

    private static bool IsExpected(Exception exception) =>
        exception
            is IOException
                or UnauthorizedAccessException
                or StorageException
                or RecordUnavailableException
                or OperationCanceledException;

    private static string Told(string what, Exception exception) =>
        exception switch
        {
            IOException { HResult: RecordCopy.NoSpace } => $"There is no room for {what} on its disk.",
            OperationCanceledException => "Broken off; nothing is left of it.",
            _ => exception.Message,
        };
}
