using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using ThinDeployer.Identities;

namespace ThinDeployer.Tests.Identities;

/// <summary>What is proven by an OpenID token, and what is not, however it is bent.</summary>
public sealed class ProvenIdentityTests
{
    private static readonly TestKey Rsa = TestKey.NewRsa("rsa");
    private static readonly TestKey Curve = TestKey.NewCurve("curve");

    private static readonly DateTimeOffset Now = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("RS256")]
    [InlineData("RS384")]
    [InlineData("RS512")]
    [InlineData("PS256")]
    [InlineData("PS384")]
    [InlineData("PS512")]
    [InlineData("ES256")]
    [InlineData("ES384")]
    public void Each_algorithm_of_a_public_key_proves(string algorithm)
    {
        var key = algorithm.StartsWith('E') ? TestKey.NewCurve("k", algorithm) : TestKey.NewRsa("k", algorithm);

        var identity = Prove(key.Sign(Claims()), out var whyNot, key);

        Assert.Null(whyNot);
        Assert.Equal(("https://ci.example", "job"), (identity!.Issuer, identity.Subject));
        Assert.True(identity.IsFor("us") && !identity.IsFor("them"));
        Assert.Equal(["main"], identity.Claim("ref"));
        Assert.Equal(["true"], identity.Claim("protected"));
        Assert.Equal(["7"], identity.Claim("run"));
        Assert.Equal(["a", "b"], identity.Claim("groups"));
        Assert.Empty(identity.Claim("inner"));
        Assert.Empty(identity.Claim("absent"));
    }

    [Fact]
    public void None_is_no_algorithm() =>
        AssertRefused(
            "identity_algorithm",
            TestKey.Sign(Claims(), new JsonObject { ["alg"] = "none", ["kid"] = "rsa" }, _ => [])
        );

    /// <summary>The public key is known to everybody, so it must never be taken for a shared secret.</summary>
    [Theory]
    [InlineData("HS256")]
    [InlineData("hs256")]
    [InlineData("RS1")]
    [InlineData("")]
    public void A_shared_secret_is_none(string algorithm) =>
        AssertRefused(
            "identity_algorithm",
            TestKey.Sign(
                Claims(),
                new JsonObject { ["alg"] = algorithm, ["kid"] = "rsa" },
                data => HMACSHA256.HashData(Encoding.UTF8.GetBytes(Rsa.Public["n"]!.ToString()), data)
            )
        );

    [Fact]
    public void A_key_is_used_with_its_own_algorithm_only()
    {
        var other = Rsa with { Algorithm = "RS512" };

        AssertRefused("identity_signature_mismatch", other.Sign(Claims()));
        AssertRefused("identity_signature_mismatch", TestKey.Sign(Claims(), With("alg", "ES256"), Rsa.SignBytes));
    }

    [Fact]
    public void Another_key_of_the_same_name_proves_nothing() =>
        AssertRefused("identity_signature_mismatch", TestKey.NewRsa("rsa").Sign(Claims()));

    [Fact]
    public void A_key_that_is_not_known_proves_nothing() =>
        AssertRefused("identity_unknown_key", TestKey.NewRsa("other").Sign(Claims()));

    [Fact]
    public void Without_a_name_only_a_lone_key_is_meant()
    {
        var head = Rsa.Head();
        head.Remove("kid");
        var text = TestKey.Sign(Claims(), head, Rsa.SignBytes);

        Assert.NotNull(Prove(text, out _, Rsa));
        AssertRefused("identity_unknown_key", text);
    }

    [Theory]
    [InlineData(-61, null)]
    [InlineData(0, null)]
    [InlineData(59, null)]
    [InlineData(60, "identity_expired")]
    public void It_counts_to_its_end_and_a_minute_more(int secondsAfter, string? refusal) =>
        AssertRefused(refusal, Rsa.Sign(Claims(("exp", Now.AddSeconds(-secondsAfter).ToUnixTimeSeconds()))));

    [Theory]
    [InlineData("nbf", 60, null)]
    [InlineData("nbf", 61, "identity_not_yet")]
    [InlineData("iat", 60, null)]
    [InlineData("iat", 61, "identity_not_yet")]
    public void It_counts_from_its_begin_and_a_minute_before(string claim, int secondsBefore, string? refusal) =>
        AssertRefused(refusal, Rsa.Sign(Claims((claim, Now.AddSeconds(secondsBefore).ToUnixTimeSeconds()))));

    [Fact]
    public void A_time_may_have_a_fraction() => AssertRefused(null, Rsa.Sign(Claims(("exp", 1_900_000_000.5))));

    public static TheoryData<string> NoTokens
    {
        get
        {
            var good = Rsa.Sign(Claims()).Split('.');
            return
            [
                "",
                "eyJ",
                "eyJ.eyJ.eyJ",
                $"{good[0]}.{good[1]}",
                $"{good[0]}.{good[1]}.{good[2]}.",
                $"{good[0]}.{good[1]}.{good[2]}==",
                $"{good[0]}.{good[1]}.+/{good[2][2..]}",
                $"{good[0]} .{good[1]}.{good[2]}",
                $"{TestKey.Encoded("[]")}.{good[1]}.{good[2]}",
                $"{TestKey.Encoded("{\"alg\":\"RS256\",\"alg\":\"none\"}")}.{good[1]}.{good[2]}",
                $"{TestKey.Encoded("{\"alg\":7}")}.{good[1]}.{good[2]}",
                $"{TestKey.Encoded("{\"alg\":\"RS256\",\"kid\":7}")}.{good[1]}.{good[2]}",
                $"{TestKey.Encoded("{\"alg\":\"RS256\",\"crit\":[\"exp\"]}")}.{good[1]}.{good[2]}",
                $"{good[0]}.{TestKey.Encoded("{\"iss\":\"a\"}")}.{good[2]}",
                $"{good[0]}.{TestKey.Encoded("{\"iss\":\"a\",\"exp\":\"1900000000\"}")}.{good[2]}",
                $"{good[0]}.{TestKey.Encoded("{\"iss\":\"a\",\"exp\":-1}")}.{good[2]}",
                $"{good[0]}.{TestKey.Encoded("{\"iss\":\"a\",\"exp\":1e400}")}.{good[2]}",
                $"{good[0]}.{TestKey.Encoded("{\"iss\":\"a\",\"exp\":1900000000,\"nbf\":\"soon\"}")}.{good[2]}",
                $"{good[0]}.{TestKey.Encoded("{\"iss\":\"\\ud800\",\"exp\":1900000000}")}.{good[2]}",
                $"{good[0]}.{TestKey.Encoded(new string('[', 100))}.{good[2]}",
                $"{good[0]}.{TestKey.Encoded($"{{\"iss\":\"{new string('a', 20_000)}\",\"exp\":1900000000}}")}.{good[2]}",
            ];
        }
    }

    [Theory]
    [MemberData(nameof(NoTokens))]
    public void What_can_be_understood_in_two_ways_or_none_is_no_token(string text) =>
        Assert.Null(IdentityToken.Parse(text));

    [Fact]
    public void No_change_of_a_right_token_proves_anything()
    {
        var good = Rsa.Sign(Claims());
        var letters = "abcXYZ019-_.=+/ {}\"".ToCharArray();

        Gen.Select(Gen.Int[0, good.Length - 1], Gen.Int[0, 2], Pick(letters))
            .Sample(
                (at, kind, letter) =>
                {
                    var bent = kind switch
                    {
                        0 => good[..at] + letter + good[(at + 1)..],
                        1 => good[..at] + letter + good[at..],
                        _ => good[..at] + good[(at + 1)..],
                    };
                    // The last digit of base64 has bits that mean nothing.
                    Assert.True(bent == good || MeansTheSame(bent, good) || Prove(bent, out _) is null);
                },
                iter: 3_000
            );
    }

    [Fact]
    public void Nothing_that_strangers_write_is_a_fault()
    {
        var json = Gen.Recursive<string>(
            (depth, inner) =>
                depth > 4
                    ? Gen.Const("1")
                    : Gen.OneOf(
                        Gen.String.Select(text => JsonSerializer.Serialize(text)),
                        Pick("1", "-1", "1e999", "true", "null", "\"\\ud800\"", "[]", "{}", "\"RS256\""),
                        inner.Array[0, 3].Select(items => $"[{string.Join(',', items)}]"),
                        Gen.Select(Pick("alg", "kid", "iss", "aud", "exp", "nbf", "\\ud800"), inner)
                            .Array[0, 6]
                            .Select(pairs =>
                                $"{{{string.Join(',', pairs.Select(pair => $"\"{pair.Item1}\":{pair.Item2}"))}}}"
                            )
                    )
        );

        Gen.Select(json, json, Gen.String)
            .Sample(
                (head, body, rest) =>
                {
                    _ = IdentityToken.Parse($"{TestKey.Encoded(head)}.{TestKey.Encoded(body)}.{rest}");
                    _ = IdentityToken.Parse(rest);
                },
                iter: 5_000
            );
    }

    [Theory]
    [InlineData("{\"kty\":\"oct\",\"k\":\"c2VjcmV0\",\"kid\":\"k\"}")]
    [InlineData("{\"kty\":\"RSA\",\"n\":\"AQAB\",\"e\":\"AQAB\",\"kid\":\"k\"}")]
    [InlineData("{\"kty\":\"RSA\",\"n\":\"!\",\"e\":\"AQAB\",\"kid\":\"k\"}")]
    [InlineData("{\"kty\":\"RSA\",\"kid\":\"k\"}")]
    [InlineData("{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AQAB\",\"y\":\"AQAB\",\"kid\":\"k\"}")]
    [InlineData("{\"kty\":\"EC\",\"crv\":\"secp256k1\",\"x\":\"AQAB\",\"y\":\"AQAB\"}")]
    [InlineData("{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"AQAB\"}")]
    [InlineData("[]")]
    [InlineData("7")]
    public void What_is_no_safe_public_key_is_none(string json)
    {
        using var key = JsonDocument.Parse(json);

        Assert.Null(SigningKey.Read(key.RootElement));
    }

    [Fact]
    public void Nor_is_one_that_is_for_encryption_too_short_or_too_long()
    {
        var encrypts = Rsa.Public;
        encrypts["use"] = "enc";
        var longest = Rsa.Public;
        longest["n"] = Base64Url.EncodeToString([0xff, .. new byte[1200]]);

        Assert.Null(KeyOf(encrypts));
        Assert.Null(KeyOf(TestKey.NewRsa("short", bits: 1024).Public));
        Assert.Null(KeyOf(longest));
        Assert.NotNull(KeyOf(Rsa.Public));
        Assert.NotNull(KeyOf(Curve.Public));
    }

    private static bool MeansTheSame(string bent, string good) =>
        bent.Split('.') is [var head, var body, var signature]
        && good.Split('.') is [var goodHead, var goodBody, var goodSignature]
        && (head, body) == (goodHead, goodBody)
        && Base64Url.IsValid(signature)
        && Base64Url.DecodeFromChars(signature).AsSpan().SequenceEqual(Base64Url.DecodeFromChars(goodSignature));

    private static JsonObject Claims(params (string Name, JsonNode Value)[] more)
    {
        var claims = new JsonObject
        {
            ["iss"] = "https://ci.example",
            ["sub"] = "job",
            ["aud"] = new JsonArray("us", "all"),
            ["exp"] = Now.AddMinutes(5).ToUnixTimeSeconds(),
            ["ref"] = "main",
            ["protected"] = true,
            ["run"] = 7,
            ["groups"] = new JsonArray("a", "b"),
            ["inner"] = new JsonObject { ["a"] = "b" },
        };
        foreach (var (name, value) in more)
        {
            claims[name] = value;
        }

        return claims;
    }

    private static JsonObject With(string name, string value)
    {
        var head = Rsa.Head();
        head[name] = value;
        return head;
    }

    private static void AssertRefused(string? code, string text)
    {
        Assert.Equal(code is null, Prove(text, out var whyNot) is not null);
        Assert.Equal(code, whyNot?.Code);
    }

    private static ProvenIdentity? Prove(string text, out IdentityRefusal? whyNot, params TestKey[] keys)
    {
        whyNot = null;
        TestKey[] all = keys is [] ? [Rsa, Curve] : keys;
        return IdentityToken.Parse(text) is { } token
            ? ProvenIdentity.Prove(token, [.. all.Select(key => KeyOf(key.Public)!)], Now, out whyNot)
            : null;
    }

    private static SigningKey? KeyOf(JsonObject key)
    {
        using var json = JsonDocument.Parse(key.ToJsonString());
        return SigningKey.Read(json.RootElement);
    }

    private static Gen<T> Pick<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(at => values[at]);
}
