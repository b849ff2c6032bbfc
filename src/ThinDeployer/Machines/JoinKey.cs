using System.Security.Cryptography;

namespace ThinDeployer.Machines;

/// <summary>One side's pair of keys for an agreement (ECDH on P-256, NIST SP 800-56A). The private one never leaves its side.</summary>
internal sealed class JoinKey : IDisposable
{
    /// <summary>The curve's object identifier (RFC 5480).</summary>
    private const string Curve = "1.2.840.10045.3.1.7";

    /// <summary>Bytes of a public key that is looked at; one has 91.</summary>
    internal const int LargestPublic = 128;

    private readonly ECDiffieHellman _pair;

    private JoinKey(ECDiffieHellman pair) => _pair = pair;

    /// <summary>SubjectPublicKeyInfo (RFC 5280).</summary>
    internal byte[] Public => _pair.ExportSubjectPublicKeyInfo();

    /// <summary>PKCS#8 (RFC 5208), not encrypted.</summary>
    internal byte[] Private => _pair.ExportPkcs8PrivateKey();

    internal static JoinKey New() => new(ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256));

    /// <summary>One that was kept; null for what is none.</summary>
    /// <param name="kept">As <see cref="Private"/> gave it.</param>
    internal static JoinKey? OfPrivate(byte[] kept) =>
        Import(kept, isPrivate: true) is { } pair ? new JoinKey(pair) : null;

    /// <summary>The secret that both sides come to; null where the other one's key is none on our curve.</summary>
    /// <param name="other">As its <see cref="Public"/>. May come from anybody.</param>
    internal byte[]? AgreeWith(byte[] other)
    {
        using var pair = Import(other, isPrivate: false);
        if (pair is null)
        {
            return null;
        }

        using var key = pair.PublicKey;
        return _pair.DeriveRawSecretAgreement(key);
    }

    public void Dispose() => _pair.Dispose();

    /// <summary>The import itself refuses a point that is not on its curve.</summary>
    private static ECDiffieHellman? Import(byte[] bytes, bool isPrivate)
    {
        var pair = ECDiffieHellman.Create();
        try
        {
            int count;
            if (isPrivate)
            {
                pair.ImportPkcs8PrivateKey(bytes, out count);
            }
            else
            {
                pair.ImportSubjectPublicKeyInfo(bytes, out count);
            }

            if (
                count == bytes.Length
                && pair.ExportParameters(includePrivateParameters: false).Curve is { IsNamed: true, Oid.Value: Curve }
            )
            {
                return pair;
            }
        }
        catch (CryptographicException)
        {
            // What is no key is none of this curve.
        }

        pair.Dispose();
        return null;
    }
}
