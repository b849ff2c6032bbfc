using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace ThinDeployer.Testing;

/// <summary>An issuer of OpenID tokens on a free port of this machine, with keys of its own.</summary>
internal sealed class TestIssuer : IAsyncDisposable
{
    internal const string Audience = "https://deploy.example.org";

    private static readonly TestKey First = TestKey.NewRsa("first");

    private readonly WebApplication _app;
    private int _documents;
    private int _keySets;

    private TestIssuer()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.Run(AnswerAsync);
    }

    /// <summary>As its tokens name it.</summary>
    internal string Name => _app.Urls.Single() + "/ci";

    /// <summary>What its document says; null for its name.</summary>
    internal string? NameInDocument { get; set; }

    /// <summary>Where its document says that the keys are; null for where they are.</summary>
    internal string? KeyAddress { get; set; }

    internal IReadOnlyList<TestKey> Keys { get; set; } = [First];

    /// <summary>What it gives for its keys; null for those.</summary>
    internal string? KeySet { get; set; }

    /// <summary>503 to everything.</summary>
    internal bool IsDown { get; set; }

    /// <summary>It answers nothing before.</summary>
    internal Task Gate { get; set; } = Task.CompletedTask;

    /// <summary>How often it was asked for its document.</summary>
    internal int Documents => Volatile.Read(ref _documents);

    /// <summary>How often it gave keys.</summary>
    internal int KeySets => Volatile.Read(ref _keySets);

    internal static async Task<TestIssuer> StartAsync()
    {
        var issuer = new TestIssuer();
        await issuer._app.StartAsync();
        return issuer;
    }

    /// <summary>A token of a job of <c>acme/shop</c>, good for five minutes.</summary>
    /// <param name="change">Of its claims; null for none.</param>
    /// <param name="key">That signs it; null for its first.</param>
    internal string Token(Action<JsonObject>? change = null, TestKey? key = null)
    {
        var claims = Claims();
        change?.Invoke(claims);
        return (key ?? Keys[0]).Sign(claims);
    }

    /// <summary>What is in such a token.</summary>
    internal JsonObject Claims()
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        return new JsonObject
        {
            ["iss"] = Name,
            ["sub"] = "repo:acme/shop:ref:refs/heads/main",
            ["aud"] = Audience,
            ["iat"] = now,
            ["nbf"] = now,
            ["exp"] = now + 300,
            ["repository"] = "acme/shop",
            ["ref"] = "refs/heads/main",
            ["ref_protected"] = true,
        };
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value;
        if (path == "/ci/.well-known/openid-configuration")
        {
            Interlocked.Increment(ref _documents);
        }

        await Gate;
        if (IsDown)
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return;
        }

        switch (path)
        {
            case "/ci/.well-known/openid-configuration":
                await context.Response.WriteAsync(
                    new JsonObject
                    {
                        ["issuer"] = NameInDocument ?? Name,
                        ["jwks_uri"] = KeyAddress ?? Name + "/keys",
                    }.ToJsonString()
                );
                break;
            case "/ci/keys":
                Interlocked.Increment(ref _keySets);
                await context.Response.WriteAsync(
                    KeySet
                        ?? new JsonObject
                        {
                            ["keys"] = new JsonArray([.. Keys.Select(key => (JsonNode)key.Public)]),
                        }.ToJsonString()
                );
                break;
            case "/ci/elsewhere":
                context.Response.Redirect(Name + "/keys");
                break;
            default:
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                break;
        }
    }
}

/// <summary>A key of an issuer, with its private half.</summary>
/// <param name="SignBytes">Signs the texts of head and claims.</param>
/// <param name="PublicMembers">Of the public half, without those that all keys have.</param>
internal sealed record TestKey(
    string Id,
    string Algorithm,
    Func<byte[], byte[]> SignBytes,
    Func<JsonObject> PublicMembers
)
{
    /// <summary>As the issuer gives it (RFC 7517).</summary>
    internal JsonObject Public
    {
        get
        {
            var key = PublicMembers();
            key["kid"] = Id;
            key["use"] = "sig";
            key["alg"] = Algorithm;
            return key;
        }
    }

    internal static TestKey NewRsa(string id, string algorithm = "RS256", int bits = 2048)
    {
        var rsa = RSA.Create(bits);
        var hash = new HashAlgorithmName("SHA" + algorithm[2..]);
        var padding = algorithm.StartsWith('R') ? RSASignaturePadding.Pkcs1 : RSASignaturePadding.Pss;
        return new TestKey(
            id,
            algorithm,
            data =>
            {
                lock (rsa)
                {
                    return rsa.SignData(data, hash, padding);
                }
            },
            () =>
            {
                var parameters = rsa.ExportParameters(includePrivateParameters: false);
                return new JsonObject
                {
                    ["kty"] = "RSA",
                    ["n"] = Base64Url.EncodeToString(parameters.Modulus),
                    ["e"] = Base64Url.EncodeToString(parameters.Exponent),
                };
            }
        );
    }

    internal static TestKey NewCurve(string id, string algorithm = "ES256")
    {
        var (curve, name, hash) =
            algorithm == "ES256"
                ? (ECCurve.NamedCurves.nistP256, "P-256", HashAlgorithmName.SHA256)
                : (ECCurve.NamedCurves.nistP384, "P-384", HashAlgorithmName.SHA384);
        var points = ECDsa.Create(curve);
        return new TestKey(
            id,
            algorithm,
            data =>
            {
                lock (points)
                {
                    return points.SignData(data, hash);
                }
            },
            () =>
            {
                var parameters = points.ExportParameters(includePrivateParameters: false);
                return new JsonObject
                {
                    ["kty"] = "EC",
                    ["crv"] = name,
                    ["x"] = Base64Url.EncodeToString(parameters.Q.X),
                    ["y"] = Base64Url.EncodeToString(parameters.Q.Y),
                };
            }
        );
    }

    /// <summary>The token, as this key signs it.</summary>
    internal string Sign(JsonObject claims) => Sign(claims, Head(), SignBytes);

    internal JsonObject Head() =>
        new()
        {
            ["alg"] = Algorithm,
            ["typ"] = "JWT",
            ["kid"] = Id,
        };

    internal static string Sign(JsonObject claims, JsonObject head, Func<byte[], byte[]> sign)
    {
        var text = $"{Encoded(head.ToJsonString())}.{Encoded(claims.ToJsonString())}";
        return $"{text}.{Base64Url.EncodeToString(sign(Encoding.ASCII.GetBytes(text)))}";
    }

    internal static string Encoded(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));
}
