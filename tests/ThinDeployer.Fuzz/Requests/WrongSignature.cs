using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CsCheck;
using ThinDeployer.Fuzz.Serving;

namespace ThinDeployer.Fuzz.Requests;

/// <summary>Headers of a signature that is nearly right for a body.</summary>
internal static class WrongSignature
{
    private static readonly byte[] Key = Encoding.UTF8.GetBytes(Services.Secret);
    private static readonly byte[] NoKey = [];
    private static readonly byte[] WebhookKey = Convert.FromBase64String(Services.WebhookSecret["whsec_".Length..]);

    internal static Gen<string[]> Of(byte[] body) =>
        Gen.OneOf(Hex(body), Sums(body), Plain, Webhooks(body), Pick.Of<string[]>([], ["X-GitHub-Event: ping"]));

    private static Gen<string[]> Hex(byte[] body) =>
        from header in Pick.Of(
            "X-Hub-Signature-256: sha256=",
            "X-Hub-Signature: sha256=",
            "X-Gitea-Signature: ",
            "X-Hub-Signature-256: "
        )
        from spoil in Gen.Int[0, 9]
        select Spoiled(header, Services.Hex(HMACSHA256.HashData(Key, body)), body, spoil);

    private static string[] Spoiled(string header, string code, byte[] body, int how) =>
        how switch
        {
            0 => [header + code[..^1]],
            1 => [header + code + "0"],
            2 => [header + code, header + code],
            3 => [$"{header}{code}, {code}"],
            4 => [header + code[..^1] + (code[^1] == '0' ? '1' : '0')],
            5 => [header + Services.Hex(HMACSHA256.HashData(Key, body.Append((byte)10).ToArray()))],
            6 => [header + Services.Hex(HMACSHA256.HashData(NoKey, body))],
#pragma warning disable CA5350 // What GitHub sends beside the other, and what must not admit.
            7 => ["X-Hub-Signature: sha1=" + Services.Hex(HMACSHA1.HashData(Key, body))],
#pragma warning restore CA5350
            8 => [header],
            _ => ["X-Hub-Signature-256: SHA256=" + code],
        };

    private static Gen<string[]> Sums(byte[] body) =>
        from prefix in Pick.Of("v=", "V=", "", "v= ", "v==")
        from cut in Gen.Int[1, 3]
        select new[] { $"X-Sum: {prefix}{Convert.ToBase64String(HMACSHA512.HashData(Key, body))[..^cut]}" };

    /// <summary>The one who signs does not admit by the secret itself.</summary>
    private static readonly Gen<string[]> Plain = Gen.OneOf(
        WrongToken.Any.Select(token => new[] { "X-Gitlab-Token: " + token }),
        Pick.Of<string[]>(
            ["X-Gitlab-Token: " + Services.WebhookSecret],
            ["X-Gitlab-Token: " + Services.Secret, "X-Gitlab-Token: " + Services.Secret]
        )
    );

    private static Gen<string[]> Webhooks(byte[] body) =>
        from time in Pick.Of("0", "", "-1", "99999999999", "999999999999999999999", "1e9", Seconds(-600), Seconds(600))
        from isNow in Gen.Bool
        from version in Pick.Of("v1,", "v1a,", "v2,", "", "v1")
        from id in Pick.Of("msg_1", "", "a.b", new string('i', 300))
        let stamp = isNow ? Seconds(0) : time
        let code = Webhook(id, stamp, isNow ? [.. body, 33] : body)
        select new[] { "webhook-id: " + id, "webhook-timestamp: " + stamp, $"webhook-signature: {version}{code} v1,x" };

    internal static string Webhook(string id, string time, byte[] body) =>
        Convert.ToBase64String(
            HMACSHA256.HashData(WebhookKey, Encoding.UTF8.GetBytes($"{id}.{time}.").Concat(body).ToArray())
        );

    internal static string Seconds(int from) =>
        (TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() + from).ToString(CultureInfo.InvariantCulture);
}
