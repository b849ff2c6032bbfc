using System.Text.Json;
using System.Text.Json.Serialization;
using ThinDeployer.Machines;
using ThinDeployer.Yaml;

namespace ThinDeployer.Storage;

/// <summary>The file that a machine has joined by, for its owner only.</summary>
internal static class MachineFile
{
    /// <summary>In the data folder.</summary>
    internal const string Name = "machine.json";

    /// <summary>In the data folder, from before the front is asked until it has let this machine in.</summary>
    internal const string JoiningName = "machine.joining.json";

    /// <summary>Null where there is none.</summary>
    /// <exception cref="StorageException">There is one that can't be used.</exception>
    internal static MachineIdentity? Read(string path)
    {
        try
        {
            var read = JsonSerializer.Deserialize(File.ReadAllBytes(path), MachineFileJson.Default.MachineFileText);
            return
                read is { Machine: not null, PrivateKey: not null, FrontKey: not null }
                && Uri.TryCreate(read.Broker, UriKind.Absolute, out var broker)
                && new MachineIdentity(read.Machine, broker, read.PrivateKey, read.FrontKey)
                    is { Keys: not null } identity
                ? identity
                : throw new StorageException($"{Quote.Of(path)} is not what this program wrote; join again.");
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (JsonException exception)
        {
            throw new StorageException($"{Quote.Of(path)} is not what this program wrote; join again.", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StorageException($"{Quote.Of(path)} can't be read: {exception.Message}", exception);
        }
    }

    /// <summary>Comes back when it is on disk: whole, or as it was before.</summary>
    /// <exception cref="StorageException">It can't be written.</exception>
    internal static void Write(string path, MachineIdentity identity)
    {
        var text = new MachineFileText(
            identity.Machine,
            identity.Broker.OriginalString,
            identity.PrivateKey,
            identity.FrontKey
        );
        try
        {
            var written = path + ".new";
            File.Delete(written);
            using (var file = DataFolder.OwnerFile(written, FileShare.None))
            {
                JsonSerializer.Serialize(file, text, MachineFileJson.Default.MachineFileText);
                file.Flush(flushToDisk: true);
            }

            File.Move(written, path, overwrite: true);
            DiskSync.Folder(Path.GetDirectoryName(path)!);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StorageException($"{Quote.Of(path)} can't be written: {exception.Message}", exception);
        }
    }
}

/// <param name="Broker">An address.</param>
/// <param name="PrivateKey">As <see cref="MachineIdentity.PrivateKey"/>.</param>
/// <param name="FrontKey">As <see cref="MachineIdentity.FrontKey"/>.</param>
internal sealed record MachineFileText(string Machine, string Broker, byte[] PrivateKey, byte[] FrontKey);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(MachineFileText))]
internal sealed partial class MachineFileJson : JsonSerializerContext;
