using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;

namespace ThinDeployer.Identities;

/// <summary>A public key of an issuer (RFC 7517), and the algorithms that it may be used with (RFC 7518).</summary>
internal sealed class SigningKey
{
    /// <summary>Bits. A longer one takes a time that strangers could use.</summary>
    private const int ShortestModulus = 2048;
    private const int LongestModulus = 8192;

    /// <summary>Bytes: 65537 has three.</summary>
    private const int LongestExponent = 4;

    private static readonly Dictionary<string, (HashAlgorithmName Hash, RSASignaturePadding Padding)> RsaAlgorithms =
        new(StringComparer.Ordinal)
        {
            ["RS256"] = (HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
            ["RS384"] = (HashAlgorithmName.SHA384, RSASignaturePadding.Pkcs1),
            ["RS512"] = (HashAlgorithmName.SHA512, RSASignaturePadding.Pkcs1),
            ["PS256"] = (HashAlgorithmName.SHA256, RSASignaturePadding.Pss),
            ["PS384"] = (HashAlgorithmName.SHA384, RSASignaturePadding.Pss),
            ["PS512"] = (HashAlgorithmName.SHA512, RSASignaturePadding.Pss),
        };

    private static readonly Dictionary<string, (string Curve, ECCurve Points, HashAlgorithmName Hash)> CurveAlgorithms =
        new(StringComparer.Ordinal)
        {
            ["ES256"] = ("P-256", ECCurve.NamedCurves.nistP256, HashAlgorithmName.SHA256),
            ["ES384"] = ("P-384", ECCurve.NamedCurves.nistP384, HashAlgorithmName.SHA384),
        };

    private readonly RSAParameters? _rsa;
    private readonly ECParameters? _curve;
    private readonly string? _algorithm;
    private readonly string? _curveName;

    private SigningKey(string? id, string? algorithm, RSAParameters rsa) =>
        (Id, _algorithm, _rsa) = (id, algorithm, rsa);

    private SigningKey(string? id, string? algorithm, string curveName, ECParameters curve) =>
        (Id, _algorithm, _curveName, _curve) = (id, algorithm, curveName, curve);

    /// <summary>Null where its issuer gives it none.</summary>
    internal string? Id { get; }

    /// <summary>Only those of a public key: neither <c>none</c> nor a shared secret is ever one.</summary>
    internal static bool Knows(string algorithm) =>
        RsaAlgorithms.ContainsKey(algorithm) || CurveAlgorithms.ContainsKey(algorithm);

    /// <summary>Null for a key of another kind or use, and for one that can't be right.</summary>
    internal static SigningKey? Read(JsonElement key)
    {
        if (key.ValueKind is not JsonValueKind.Object || Text(key, "use") is not (null or "sig"))
        {
            return null;
        }

        try
        {
            return Text(key, "kty") switch
            {
                "RSA" => OfRsa(key),
                "EC" => OfCurve(key),
                _ => null,
            };
        }
        catch (Exception exception) when (exception is FormatException or CryptographicException)
        {
            return null;
        }
    }

    /// <summary>Whether it made the signature. False where it is no key for the algorithm.</summary>
    internal bool Signs(string algorithm, byte[] data, byte[] signature)
    {
        if (_algorithm is not null && _algorithm != algorithm)
        {
            return false;
        }

        if (_rsa is { } parameters && RsaAlgorithms.TryGetValue(algorithm, out var known))
        {
            using var rsa = RSA.Create(parameters);
            return rsa.VerifyData(data, signature, known.Hash, known.Padding);
        }

        if (_curve is { } point && CurveAlgorithms.TryGetValue(algorithm, out var curve) && curve.Curve == _curveName)
        {
            using var points = ECDsa.Create(point);
            return points.VerifyData(data, signature, curve.Hash);
        }

        return false;
    }

    private static SigningKey? OfRsa(JsonElement key)
    {
        if (Bytes(key, "n") is not { } modulus || Bytes(key, "e") is not { Length: <= LongestExponent } exponent)
        {
            return null;
        }

        var parameters = new RSAParameters { Modulus = modulus, Exponent = exponent };
        using var rsa = RSA.Create(parameters);
        return rsa.KeySize is >= ShortestModulus and <= LongestModulus
            ? new SigningKey(Text(key, "kid"), Text(key, "alg"), parameters)
            : null;
    }

    private static SigningKey? OfCurve(JsonElement key)
    {
        var name = Text(key, "crv");
        var known = CurveAlgorithms.Values.FirstOrDefault(curve => curve.Curve == name);
        if (known.Curve is null || Bytes(key, "x") is not { } x || Bytes(key, "y") is not { } y)
        {
            return null;
        }

        var parameters = new ECParameters
        {
            Curve = known.Points,
            Q = new ECPoint { X = x, Y = y },
        };
        using var points = ECDsa.Create(parameters);
        return new SigningKey(Text(key, "kid"), Text(key, "alg"), known.Curve, parameters);
    }

    private static byte[]? Bytes(JsonElement key, string name) =>
        Text(key, name) is { Length: > 0 and <= LongestModulus / 4 } text ? Base64Url.DecodeFromChars(text) : null;

    private static string? Text(JsonElement key, string name) =>
        key.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;
}
