using System.Security.Cryptography;

namespace ThinDeployer.Machines;

/// <summary>What makes this machine the one that its front knows. It prints as <c>***</c>.</summary>
/// <param name="Machine">Its name.</param>
/// <param name="Broker">Where the transport is, without a login.</param>
/// <param name="PrivateKey">Of this machine, made here: PKCS#8.</param>
/// <param name="FrontKey">Public, of the front for this machine: SubjectPublicKeyInfo.</param>
internal sealed record MachineIdentity(string Machine, Uri Broker, byte[] PrivateKey, byte[] FrontKey)
{
    /// <summary>A new one, of a code.</summary>
    internal static MachineIdentity New(JoinCode code)
    {
        using var key = JoinKey.New();
        return new MachineIdentity(code.Machine, code.Broker, key.Private, code.FrontKey);
    }

    /// <summary>Null where the keys are none.</summary>
    internal MachineKeys? Keys
    {
        get
        {
            using var key = JoinKey.OfPrivate(PrivateKey);
            return key?.AgreeWith(FrontKey) is { } shared ? MachineKeys.From(shared) : null;
        }
    }

    /// <summary>As <see cref="Join.Key"/>.</summary>
    internal string PublicKey
    {
        get
        {
            using var key = JoinKey.OfPrivate(PrivateKey);
            return Convert.ToBase64String(
                key?.Public ?? throw new InvalidOperationException("The key of this machine is none.")
            );
        }
    }

    /// <summary>By which this machine reaches its front.</summary>
    /// <param name="broker">Where it is said to be; null where the join code has it.</param>
    /// <param name="authorityFile">As <see cref="LineAddress.AuthorityFile"/>.</param>
    internal LineAddress Address(Uri? broker, string? authorityFile) =>
        new(broker ?? Broker, authorityFile, Machine, Keys?.Password ?? "");

    /// <summary>Whether a code is the one that this came of.</summary>
    internal bool IsOf(JoinCode code) =>
        Machine == code.Machine && CryptographicOperations.FixedTimeEquals(FrontKey, code.FrontKey);

    public override string ToString() => "***";
}
