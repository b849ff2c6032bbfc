using System.Formats.Tar;
using System.IO.Compression;
using ThinDeployer.Output;
using ThinDeployer.Storage;

namespace ThinDeployer.Operating.Backups;

/// <summary>
/// Writes what a data folder has that can't be made anew, the record and the outputs, into one archive, while a server goes on
/// with both.
/// </summary>
/// <remarks>
/// The record is copied first, so that it is one moment's. Outputs follow. A server may forget a deployment meanwhile, and its
/// output with it: then the copy forgets it, too. So the copy goes into the archive after the outputs.
/// </remarks>
internal sealed class Backup : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>How often the output of one that runs is looked at, until it stays the same files.</summary>
    private const int MostLooks = 20;

    private readonly string _outputs;
    private readonly string _copy;
    private readonly RecordCopy _record;
    private readonly DateTimeOffset _madeAt;
    private readonly HashSet<string> _forgotten = new(StringComparer.Ordinal);
    private int _files;
    private long _bytes;

    private Backup(string data, string copy, RecordCopy record, DateTimeOffset madeAt) =>
        (_outputs, _copy, _record, _madeAt) = (DataFolder.OutputsOf(data), copy, record, madeAt);

    /// <param name="data">A data folder.</param>
    /// <param name="scratch">A folder for the copy of the record, for its owner only.</param>
    /// <exception cref="StorageException">The record can't be read.</exception>
    /// <exception cref="IOException">There is no room.</exception>
    internal static Backup Begin(string data, string scratch, TimeProvider time)
    {
        var copy = Path.Combine(scratch, RecordFile.Name);
        var madeAt = time.GetUtcNow();
        return new Backup(data, copy, RecordCopy.Take(data, copy), madeAt);
    }

    public void Dispose() => _record.Dispose();

    /// <exception cref="IOException">There is no room.</exception>
    internal BackupManifest WriteTo(Stream target, CancellationToken cancellationToken)
    {
        using var packed = new GZipStream(target, CompressionLevel.Optimal, leaveOpen: true);
        using var archive = new TarWriter(packed, TarEntryFormat.Gnu);
        foreach (var deployment in _record.Deployments)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var output = OutputOf(deployment);
            Write(archive, deployment, output);
        }

        _record.Forget(_forgotten);
        _record.Check();
        using (var record = new FileStream(_copy, FileMode.Open, FileAccess.Read, FileShare.ReadWrite))
        {
            Write(archive, RecordFile.Name, record);
        }

        var manifest = new BackupManifest(
            typeof(Backup).Assembly.GetName().Version?.ToString(fieldCount: 3) ?? "",
            _record.Version,
            _madeAt,
            Environment.MachineName,
            _record.Count,
            _files,
            _bytes
        );
        using var json = new MemoryStream(manifest.ToJson());
        Write(archive, BackupManifest.Name, json);
        return manifest;
    }

    /// <summary>Null where there is none to be copied.</summary>
    private OpenedOutput? OutputOf(CopiedDeployment deployment)
    {
        if (!deployment.IsUnfinished)
        {
            return deployment.HasFile ? Finished(deployment.Id) : null;
        }

        // Its output goes from one file to another, and into the record at its end.
        OpenedOutput? output = null;
        for (var look = 0; look < MostLooks; look++)
        {
            output?.Dispose();
            output = Running(deployment.Id);
            var now = _record.Now(deployment.Id);
            if (!now.IsUnfinished)
            {
                output.Dispose();
                return now.InlineOutput is { } text ? OpenedOutput.Of(deployment.Id, text) : Finished(deployment.Id);
            }

            using var again = Running(deployment.Id);
            if (again.Parts.Select(part => part.Name).SequenceEqual(output.Parts.Select(part => part.Name)))
            {
                break;
            }
        }

        return output;
    }

    private OpenedOutput Finished(string id) => OpenedOutput.Open(_outputs, id);

    private OpenedOutput Running(string id)
    {
        var small = OpenedOutput.OpenShort(_outputs, id);
        var output = OpenedOutput.OpenGrowing(_outputs, id);
        var (used, unused) = output.Parts.Count > 0 ? (output, small) : (small, output);
        unused.Dispose();
        return used;
    }

    private void Write(TarWriter archive, CopiedDeployment deployment, OpenedOutput? output)
    {
        var isLacking = output is { Parts.Count: 0 } && (deployment.HasFile || deployment.IsUnfinished);
        if (isLacking && !_record.Now(deployment.Id).IsKnown)
        {
            _forgotten.Add(deployment.Id);
        }

        foreach (var part in output?.Parts ?? [])
        {
            using var stream = new PartStream(part);
            Write(archive, $"{Restore.OutputFolder}/{part.Name}", stream);
            _files++;
            _bytes += part.Length;
        }
    }

    private void Write(TarWriter archive, string name, Stream content) =>
        archive.WriteEntry(
            new GnuTarEntry(TarEntryType.RegularFile, name)
            {
                Mode = OwnerOnly,
                ModificationTime = _madeAt,
                DataStream = content,
            }
        );
}
