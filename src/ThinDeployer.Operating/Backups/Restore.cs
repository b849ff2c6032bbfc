using System.IO.Compression;
using Microsoft.Extensions.Logging.Abstractions;
using ThinDeployer.Deployments;
using ThinDeployer.Storage;

namespace ThinDeployer.Operating.Backups;

/// <summary>Reads an archive, believes nothing of it, and makes a record and outputs of it as a server makes them.</summary>
/// <param name="folder">Of what is restored, empty; for its owner only.</param>
internal sealed class Restore(string folder)
{
    internal const string OutputFolder = "logs";

    /// <summary>As many files of output; more would be as many deployments.</summary>
    private const int MostFiles = 5_000_000;

    /// <summary>Left on the disk by what is restored. Bytes.</summary>
    private const long LeastFree = 16 * 1024 * 1024;

    /// <summary>Bytes; tar(1) fills up to 10 KiB.</summary>
    private const int MostPadding = 64 * 1024;

    private BackupManifest? _manifest;
    private bool _hasRecord;
    private int _files;
    private long _bytes;

    /// <summary>Unpacks it, and looks whether it is what it says.</summary>
    /// <exception cref="BackupException">It can't be used; the message says why.</exception>
    /// <exception cref="IOException">There is no room.</exception>
    internal BackupManifest Unpack(Stream archive, CancellationToken cancellationToken)
    {
        Output.OwnerFolder.Make(Path.Combine(folder, OutputFolder));
        try
        {
            using var unpacked = new GZipStream(archive, CompressionMode.Decompress, leaveOpen: true);
            var reader = new ArchiveReader(unpacked);
            while (_manifest is null && reader.Next() is { } entry)
            {
                cancellationToken.ThrowIfCancellationRequested();
                Take(entry);
            }

            if (_manifest is not null && reader.Next() is not null)
            {
                throw new BackupException("The backup goes on behind its end.");
            }

            ReadToEnd(unpacked);
        }
        catch (EndOfStreamException fault)
        {
            throw new BackupException("The backup is cut off.", fault);
        }
        catch (InvalidDataException fault)
        {
            throw new BackupException("The backup is damaged, or none of Thin Deployer.", fault);
        }

        return Compared();
    }

    /// <summary>Behind the last entry there are zeros, and then the checksum of all, which is compared at the very end.</summary>
    private static void ReadToEnd(GZipStream unpacked)
    {
        var block = new byte[MostPadding];
        var read = unpacked.ReadAtLeast(block, block.Length, throwOnEndOfStream: false);
        if (read == block.Length || block.AsSpan(0, read).ContainsAnyExcept((byte)0))
        {
            throw new BackupException("The backup goes on behind its end.");
        }
    }

    /// <summary>Brings the record to the version of now, and ends what was queued or running.</summary>
    /// <exception cref="StorageException">The record can't be used.</exception>
    internal async Task<IReadOnlyList<DeploymentEntry>> EndUnfinishedAsync(
        DateTimeOffset madeAt,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        using var held = await DataFolder.OpenAsync(folder, TimeSpan.Zero, time, cancellationToken);
        await using var record = SqliteRecord.Open(held, NullLogger<SqliteRecord>.Instance);
        return await RestoredDeployments.EndAsync(record, madeAt);
    }

    private void Take(ArchiveEntry entry)
    {
        switch (entry.Name)
        {
            case BackupManifest.Name when entry.Length <= BackupManifest.MostBytes:
                var json = new byte[entry.Length];
                entry.Content.ReadExactly(json);
                _manifest = BackupManifest.Read(json);
                break;
            case RecordFile.Name when !_hasRecord:
                _hasRecord = true;
                Write(entry, RecordFile.Name);
                break;
            case var name when IsOutput(name) && _files < MostFiles:
                _files++;
                _bytes += entry.Length;
                Write(entry, name);
                break;
            default:
                throw new BackupException($"The backup holds what no backup does: {ArchiveReader.Shown(entry.Name)}.");
        }
    }

    /// <summary><c>logs/ID.log</c>, or one of the parts of a very long one, <c>logs/ID.log.1</c>.</summary>
    private static bool IsOutput(string name)
    {
        const int idLength = 36;
        const string prefix = OutputFolder + "/";
        const string extension = ".log";
        if (
            !name.StartsWith(prefix, StringComparison.Ordinal)
            || name.Length < prefix.Length + idLength + extension.Length
            || !Guid.TryParseExact(name.AsSpan(prefix.Length, idLength), "D", out _)
        )
        {
            return false;
        }

        var rest = name[(prefix.Length + idLength)..];
        return rest == extension
            || (
                rest.StartsWith(extension + ".", StringComparison.Ordinal)
                && rest.Length is > 5 and <= 14
                && rest.AsSpan(5).IndexOfAnyExceptInRange('0', '9') < 0
            );
    }

    /// <exception cref="BackupException">It comes twice, or there is no room for what it says to be.</exception>
    private void Write(ArchiveEntry entry, string name)
    {
        if (entry.Length > new DriveInfo(folder).AvailableFreeSpace - LeastFree)
        {
            throw new IOException("No space left on device", RecordCopy.NoSpace);
        }

        var path = Path.Combine(folder, name);
        if (File.Exists(path))
        {
            throw new BackupException($"The backup holds a file twice: {ArchiveReader.Shown(name)}.");
        }

        using var file = DataFolder.OwnerFile(path, FileShare.None);
        entry.Content.CopyTo(file);
    }

    private BackupManifest Compared()
    {
        if (_manifest is not { } manifest || !_hasRecord)
        {
            throw new BackupException("The backup is cut off.");
        }

        var (deployments, version) = RecordCopy.Examine(Path.Combine(folder, RecordFile.Name));
        if (version > Schema.Steps.Count)
        {
            throw new BackupException(
                $"The backup is of Thin Deployer {ArchiveReader.Shown(manifest.Version)} with a record of version {version}, and this one knows {Schema.Steps.Count}: "
                    + "install that one, or a newer one."
            );
        }

        return
            (deployments, version, _files, _bytes)
            == (manifest.Deployments, manifest.Schema, manifest.Outputs, manifest.OutputBytes)
            ? manifest
            : throw new BackupException("The backup does not hold what its manifest says.");
    }
}
