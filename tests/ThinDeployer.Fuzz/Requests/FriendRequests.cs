using System.Security.Cryptography;
using System.Text;
using CsCheck;
using ThinDeployer.Contract.Tests.Hosting;
using ThinDeployer.Fuzz.Serving;

namespace ThinDeployer.Fuzz.Requests;

/// <summary>A request of somebody who may, with values that mean harm.</summary>
/// <param name="Printed">What the step prints if it runs; null where that is not known.</param>
internal sealed record FriendRequest(RawCase Case, string? Printed)
{
    public override string ToString() => Case.ToString();
}

internal static class FriendRequests
{
    private static readonly byte[] Key = Encoding.UTF8.GetBytes(Services.OpenSecret);
    private static readonly string Token = "X-Auth-Token: " + ServiceYaml.Token;

    private static readonly Gen<FriendRequest> InQuery =
        from a in Hostile.Values
        from others in Gen.Select(Pick.Of("b", "c", "d", "e", "f", "g", "x", "a[]"), Hostile.Values).Array[0, 4]
        from isForm in Gen.Bool
        let pairs = others.Select(pair => $"&{pair.Item1}={Uri.EscapeDataString(pair.Item2)}")
        let text = $"a={Uri.EscapeDataString(a)}{string.Concat(pairs)}"
        select isForm
            ? new FriendRequest(
                Post(
                    Services.Open,
                    [Token, "Content-Type: application/x-www-form-urlencoded"],
                    Encoding.ASCII.GetBytes(text)
                ),
                a
            )
            : new FriendRequest(Post($"{Services.Open}?{text}", [Token], []), a);

    private static readonly Gen<FriendRequest> OddBodies =
        from body in Bodies.Any
        from service in Pick.Of(Services.Open, Services.OpenRuled, Services.OpenSigned)
        from odd in Hostile.Values.Where(value => value.All(character => character is >= ' ' and < '\u007f'))
        let credential = service == Services.OpenSigned ? Signed(body.Bytes) : Token
        select new FriendRequest(
            Post(service, [credential, "Content-Type: " + body.Type, "X-C: " + odd], body.Bytes),
            Printed: null
        );

    private static readonly Gen<FriendRequest> InJson =
        from value in Hostile.Values
        from dash in Hostile.Values
        let body = Encoding.UTF8.GetBytes($"{{\"a\": {{\"b\": {ServiceYaml.Quoted(value)}}}}}")
        select new FriendRequest(
            Post(
                $"{Services.OpenRuled}?b={Uri.EscapeDataString(dash)}",
                [Token, "Content-Type: application/json"],
                body
            ),
            value
        );

    internal static readonly Gen<FriendRequest> Deploys = Gen.OneOf(InQuery, OddBodies, InJson);

    /// <summary>Questions of the admin about what has been.</summary>
    /// <param name="id">Of a deployment that has ended.</param>
    internal static Gen<RawCase> Questions(string id) =>
        from path in Gen.OneOf(
            Pick.Of(
                "/deployments",
                "/services",
                $"/deployments/{id}",
                $"/deployments/{id}/log",
                $"/services/{Services.Open}/deliveries",
                $"/services/{Services.OpenRuled}/deliveries"
            ),
            Hostile.Values.Select(value => "/deployments/" + Uri.EscapeDataString(value)),
            Hostile.Values.Select(value => $"/services/{Uri.EscapeDataString(value)}/deliveries")
        )
        from query in Gen.Select(
            Pick.Of("service", "status", "limit", "before", "follow"),
            Gen.OneOf(
                Pick.Of(Services.Open, "succeeded", "0", "-1", "201", "1e3", "99999999999999999999", id, "true"),
                Hostile.Values
            )
        ).Array[0, 3]
        from lines in Pick.Of(
            "Accept: text/event-stream",
            "Accept: text/plain",
            "Accept: ;;,q=",
            "Range: bytes=0-1",
            "Range: bytes=-99999999999999999999",
            "Range: bytes=5-1,9-",
            "Range: lines=1-",
            "Last-Event-ID: 1",
            "Last-Event-ID: -1",
            "Last-Event-ID: 99999999999999999999",
            "Last-Event-ID: x"
        ).Array[0, 2]
        let arguments = string.Join('&', query.Select(pair => $"{pair.Item1}={Uri.EscapeDataString(pair.Item2)}"))
        select new RawCase(
            Head($"GET {path}?{arguments}", ["X-Auth-Token: " + Services.AdminToken, "Connection: close", .. lines]),
            IsWhole: true
        );

    internal static RawCase Post(string target, string[] headers, byte[] body) =>
        new(
            [.. Head($"POST /deploy/{target}", [.. headers, $"Content-Length: {body.Length}"]), .. body],
            IsWhole: true
        );

    internal static byte[] Head(string line, string[] headers) =>
        Encoding.UTF8.GetBytes(
            $"{line} HTTP/1.1\r\nHost: localhost\r\n{string.Concat(headers.Select(header => header + "\r\n"))}\r\n"
        );

    private static string Signed(byte[] body) =>
        "X-Hub-Signature-256: sha256=" + Services.Hex(HMACSHA256.HashData(Key, body));
}
