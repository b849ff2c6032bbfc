using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using ThinDeployer.Security;

namespace ThinDeployer.Machines;

/// <summary>
/// What a front and one machine derive from the secret that they agreed on, by HKDF (RFC 5869) with SHA-256. Each direction has
/// a key of its own, so that nothing can be sent back to who signed it. It prints nothing of them.
/// </summary>
internal sealed class MachineKeys
{
    /// <summary>Bytes of a key, of a password before it is text, and of what both are derived from.</summary>
    internal const int Length = 32;

    private MachineKeys(byte[] sharedSecret)
    {
        Orders = new EnvelopeSeal(Derived(sharedSecret, "orders"));
        Reports = new EnvelopeSeal(Derived(sharedSecret, "reports"));
        Password = TextOf(sharedSecret, "password");
    }

    /// <summary>For what the front sends.</summary>
    internal EnvelopeSeal Orders { get; }

    /// <summary>For what the machine sends.</summary>
    internal EnvelopeSeal Reports { get; }

    /// <summary>Of the machine's login at the transport.</summary>
    internal string Password { get; }

    /// <param name="sharedSecret">As <see cref="JoinKey.AgreeWith"/> gives it.</param>
    internal static MachineKeys From(byte[] sharedSecret) => new(sharedSecret);

    /// <summary>Of the login of a machine that has not joined yet.</summary>
    /// <param name="secret">Of the join code.</param>
    internal static string FirstPasswordOf(byte[] secret) => TextOf(secret, "first password");

    private static string TextOf(byte[] secret, string what) => Base64Url.EncodeToString(Derived(secret, what));

    private static byte[] Derived(byte[] secret, string what) =>
        HKDF.DeriveKey(
            HashAlgorithmName.SHA256,
            secret,
            Length,
            salt: null,
            info: Encoding.UTF8.GetBytes($"thin-deployer machine 1: {what}")
        );
}

/// <summary>Signs what goes one way, and checks it, by the code of Standard Webhooks.</summary>
internal sealed class EnvelopeSeal(byte[] key)
{
    private readonly StandardWebhooks _signatures = new([new SigningSecret(key)]);

    /// <param name="message">What to send.</param>
    /// <param name="id">Of the message; what is sent again has the same.</param>
    /// <param name="now">The time.</param>
    internal Envelope Seal(Message message, string id, DateTimeOffset now)
    {
        var body = message.ToJson();
        var timestamp = now.ToUnixTimeSeconds();
        return new Envelope(id, timestamp, _signatures.SignatureOf(body, id, timestamp), body);
    }

    /// <summary>
    /// What is in it; null where the signature is not right, or what is signed is no message. Its age says nothing here: an order
    /// may have waited long.
    /// </summary>
    internal Message? Open(Envelope envelope) =>
        _signatures.IsSigned(envelope.Body.Span, envelope.Id, envelope.Timestamp, envelope.Signature)
            ? Message.Parse(envelope.Body.Span)
            : null;
}
