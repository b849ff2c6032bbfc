using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using ThinDeployer.Addresses;
using ThinDeployer.Rollouts;

namespace ThinDeployer.Machines;

/// <summary>What a machine is handed once, to join: whoever has it first is that machine. It prints as <c>***</c>.</summary>
/// <param name="Broker">Where the transport is, without a login.</param>
/// <param name="Machine">Its name.</param>
/// <param name="Secret">32 bytes that prove it, and that the first password is made of.</param>
/// <param name="FrontKey">The front's public key for this machine: SubjectPublicKeyInfo.</param>
/// <param name="Until">Of no use from then on. Whole milliseconds.</param>
internal sealed record JoinCode(Uri Broker, string Machine, byte[] Secret, byte[] FrontKey, DateTimeOffset Until)
{
    /// <summary>How long one is good.</summary>
    internal static readonly TimeSpan Life = TimeSpan.FromHours(1);

    /// <summary>Names what it is, and its form.</summary>
    private const string Prefix = "td1.";

    /// <summary>Characters.</summary>
    private const int MaximumLength = 4096;

    /// <summary>The last day of the calendar, in milliseconds since 1970.</summary>
    private const long LatestUntil = 253_402_300_799_999;

    /// <summary>Of the login that the machine joins by.</summary>
    internal string FirstPassword => MachineKeys.FirstPasswordOf(Secret);

    /// <summary>The code, as it is handed on.</summary>
    internal string Text =>
        Prefix
        + Base64Url.EncodeToString(
            JsonSerializer.SerializeToUtf8Bytes(
                new JoinCodeText(Broker.OriginalString, Machine, Secret, FrontKey, Until.ToUnixTimeMilliseconds()),
                JoinCodeJson.Default.JoinCodeText
            )
        );

    /// <summary>Null for what is none.</summary>
    internal static JoinCode? Parse(string text)
    {
        if (text.Length > MaximumLength || !text.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return null;
        }

        try
        {
            var json = Base64Url.DecodeFromChars(text.AsSpan(Prefix.Length));
            return JsonSerializer.Deserialize(json, JoinCodeJson.Default.JoinCodeText) is { } read ? Of(read) : null;
        }
        catch (Exception exception) when (exception is FormatException or JsonException)
        {
            return null;
        }
    }

    /// <summary>What a machine that has the secret says of its key.</summary>
    /// <param name="secret">Of the code.</param>
    /// <param name="machine">Its name.</param>
    /// <param name="key">Its public key, as <see cref="Join.Key"/>.</param>
    internal static string ProofOf(byte[] secret, string machine, string key) =>
        Convert.ToBase64String(HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes($"{machine}\n{key}")));

    /// <summary>Takes the same time whatever the proof is.</summary>
    internal static bool IsProof(byte[] secret, Join join) =>
        CryptographicOperations.FixedTimeEquals(
            Encoding.UTF8.GetBytes(ProofOf(secret, join.Machine, join.Key)),
            Encoding.UTF8.GetBytes(join.Proof)
        );

    public override string ToString() => "***";

    private static JoinCode? Of(JoinCodeText read) =>
        BrokerAddress.TryParse(read.Broker, out var broker)
        && broker.UserInfo.Length == 0
        && MachineName.IsValid(read.Machine)
        && read.Secret.Length == MachineKeys.Length
        && read.FrontKey.Length is > 0 and <= JoinKey.LargestPublic
        && read.Until is >= 0 and <= LatestUntil
            ? new JoinCode(
                broker,
                read.Machine,
                read.Secret,
                read.FrontKey,
                DateTimeOffset.FromUnixTimeMilliseconds(read.Until)
            )
            : null;
}

/// <param name="Until">Milliseconds since 1970.</param>
internal sealed record JoinCodeText(string Broker, string Machine, byte[] Secret, byte[] FrontKey, long Until);

/// <summary>Strict: what somebody pastes is a whole code or none.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true
)]
[JsonSerializable(typeof(JoinCodeText))]
internal sealed partial class JoinCodeJson : JsonSerializerContext;
