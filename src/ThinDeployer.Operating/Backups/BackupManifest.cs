using System.Text.Json;
using System.Text.Json.Serialization;

namespace ThinDeployer.Operating.Backups;

/// <summary>What a backup says of itself. It stands at its end, so that one that was cut off has none.</summary>
/// <param name="Version">Of the program that made it.</param>
/// <param name="Schema">Version of the record's tables.</param>
/// <param name="MadeAt">When the copy of the record was taken.</param>
/// <param name="Host">Name of the machine.</param>
/// <param name="Deployments">How many the record has.</param>
/// <param name="Outputs">Files of output.</param>
/// <param name="OutputBytes">Of all those files.</param>
internal sealed record BackupManifest(
    string Version,
    long Schema,
    DateTimeOffset MadeAt,
    string Host,
    int Deployments,
    int Outputs,
    long OutputBytes
)
{
    internal const string Name = "manifest.json";

    /// <summary>Bytes; one of ours has some 300.</summary>
    internal const int MostBytes = 64 * 1024;

    internal byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, BackupJson.Default.BackupManifest);

    /// <exception cref="BackupException">It is none.</exception>
    internal static BackupManifest Read(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, BackupJson.Default.BackupManifest)
                ?? throw new BackupException("The manifest of the backup says nothing.");
        }
        catch (JsonException fault)
        {
            throw new BackupException("The manifest of the backup can't be read.", fault);
        }
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    WriteIndented = true,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true
)]
[JsonSerializable(typeof(BackupManifest))]
internal sealed partial class BackupJson : JsonSerializerContext;
