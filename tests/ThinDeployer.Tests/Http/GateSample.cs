using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using ThinDeployer.Http;
using ThinDeployer.Security;

namespace ThinDeployer.Tests.Http;

/// <summary>Requests before the door of a service, and what their bodies are to it.</summary>
internal static class GateSample
{
    internal const string Form = "Content-Type: application/x-www-form-urlencoded";
    internal const string LongToken = "a-token-with-more-than-32-characters";
    internal const string ShortToken = "a-short-token";
    internal const string SignatureHeader = "X-Hub-Signature-256";

    private const string Secret = "a-signing-secret-with-32-letters";

    /// <summary>Of a sender whose secret nobody guesses.</summary>
    internal static SenderSignature Signature { get; } = SignatureOf("github", SignatureHeader);

    internal static SenderSignature SignatureOf(string sender, string header)
    {
        var form = new HmacHeaderForm(header, HashAlgorithmName.SHA256, Prefix: "sha256=");
        return new SenderSignature(sender, new HmacHeader(form, [SigningSecret.OfText(Secret)]), Secret.Length);
    }

    internal static TokenSet Tokens(params string[] tokens) =>
        new([.. tokens.Select(token => Token.Parse(name: null, token)!)]);

    /// <summary>The header that proves the body.</summary>
    internal static string Signed(string body) =>
        SignatureHeader
        + ": sha256="
        + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), Encoding.UTF8.GetBytes(body)));

    internal static DeployAttempt Attempt(
        TokenSet tokens,
        SenderSignature? signature,
        string body,
        params string[] headers
    ) => Attempt(tokens, signature, HttpMethods.Post, new MemoryStream(Encoding.UTF8.GetBytes(body)), headers);

    internal static DeployAttempt Attempt(
        TokenSet tokens,
        SenderSignature? signature,
        string method,
        Stream body,
        params string[] headers
    )
    {
        var context = new DefaultHttpContext();
        context.Request.Method = method;
        context.Request.Body = body;
        foreach (var pair in headers.Select(header => header.Split(':', 2)))
        {
            context.Request.Headers.Append(pair[0], pair[1].Trim());
        }

        return new DeployAttempt(
            "shop",
            new Credentials(tokens, signature, TokenHeader: null),
            new DeployRequest(context.Request, 1 << 24, new HashSet<string>(StringComparer.Ordinal)),
            FailureKey.Of(IPAddress.Loopback),
            HiddenAmong: null
        );
    }
}
