using System.Globalization;
using System.Text;
using CsCheck;

namespace ThinDeployer.Fuzz.Requests;

/// <summary>Lines of a head, and how the body is framed.</summary>
internal static class Heads
{
    internal static readonly Gen<string> Methods = Gen.Frequency(
        (10, Gen.Const("POST")),
        (4, Gen.Const("GET")),
        (
            1,
            Pick.Of(
                "HEAD",
                "OPTIONS",
                "PUT",
                "DELETE",
                "TRACE",
                "PATCH",
                "CONNECT",
                "post",
                "GETT",
                "G\tT",
                "",
                "\0",
                new string('M', 300)
            )
        )
    );

    internal static readonly Gen<string> Versions = Gen.Frequency(
        (20, Gen.Const("HTTP/1.1")),
        (
            1,
            Pick.Of(
                "HTTP/1.0",
                "HTTP/0.9",
                "HTTP/1.2",
                "HTTP/2.0",
                "HTTP/9.9",
                "HTTP/1.1 ",
                "http/1.1",
                "",
                "HTTP/1.1\0"
            )
        )
    );

    /// <summary>Places of a token in a head.</summary>
    internal static readonly Gen<string[]> Tokens =
        from token in WrongToken.Any
        from place in Gen.Int[0, 9]
        let text = Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(token))
        let basic = Convert.ToBase64String(Encoding.UTF8.GetBytes("user:" + token))
        select place switch
        {
            0 => (string[])[],
            1 or 2 => ["X-Auth-Token: " + text],
            3 => ["Authorization: Bearer " + text],
            4 => ["Authorization: Basic " + basic],
            5 => ["Authorization: Basic " + basic + "="],
            6 => ["Authorization: " + basic],
            7 => ["X-Deploy-Key: " + text],
            8 => ["X-Auth-Token: " + text, "x-auth-token: " + text],
            _ => ["Authorization: Basic \u00ff\u00fe:", "Authorization: Bearer"],
        };

    /// <summary>Credentials that no edit makes right.</summary>
    internal static readonly Gen<string[]> HopelessTokens = Pick.Of<string[]>(
        [],
        ["X-Auth-Token: none"],
        ["Authorization: Bearer none"],
        ["Authorization: Basic dXNlcjpub25l"],
        ["X-Hub-Signature-256: sha256=" + new string('0', 64)],
        ["X-Gitlab-Token: none"],
        ["webhook-id: 1", "webhook-timestamp: 1", "webhook-signature: v1,none"],
        ["X-Sum: v=none"]
    );

    /// <summary>Lines that no framing depends on.</summary>
    private static readonly Gen<string> OddLines = Pick.Of(
        "Origin: null",
        "Origin: http://[",
        "Origin: https://elsewhere",
        "Sec-Fetch-Site: cross-site",
        "Content-Encoding: gzip, identity",
        "Content-Encoding: ,,;",
        "Content-Type: text/html",
        "Prefer: wait=99999999999999999999",
        "Prefer: respond-async, wait=-1;;=,",
        "Accept: text/event-stream;q=x, */*;q=2",
        "Accept: ,",
        "Range: bytes=5-1,-,99999999999999999999-",
        "Last-Event-ID: -99999999999999999999",
        "X-Forwarded-For: 1.2.3.4, [::1]:99999, unknown, ,",
        "X-Forwarded-For: " + new string(',', 4_000),
        "X-GitHub-Event: ping",
        "X-GitHub-Delivery: 1",
        "X-HTTP-Method-Override: DELETE",
        "Cookie: token=x",
        "If-None-Match: *",
        "Upgrade: h2c",
        "Connection: upgrade, close, x",
        "Host: second",
        "X-Who: \u00ff\u00c0",
        "X-Who: a\tb\u0001c",
        "X-Who: " + new string('w', 40_000),
        "X-Who : x",
        " folded",
        "\tfolded: x",
        "no colon",
        ": no name",
        "X-\u00e9: x",
        "X-Nul: a\0b",
        "X-Lf: a\nX-Auth-Token: b",
        "X-Cr: a\rb",
        string.Concat(Enumerable.Repeat("X-Many: 1\r\n", 120)) + "X-Last: 1"
    );

    /// <summary>Some of them, mostly none.</summary>
    internal static readonly Gen<string[]> Odd = Gen.Frequency((2, Gen.Const<string[]>([])), (1, OddLines.Array[1, 2]));

    private static readonly string[] ByChunks = ["Transfer-Encoding: chunked"];

    /// <summary>A body with lines that say how long it is, rightly or not.</summary>
    internal static Gen<(string[] Lines, byte[] Bytes, bool IsRight)> Framed(byte[] body) =>
        Gen.Frequency(
            (16, Gen.Const((new[] { $"Content-Length: {body.Length}" }, body, true))),
            (4, Gen.Const((ByChunks, Chunked(body, "0\r\n\r\n"), true))),
            (
                2,
                from lines in Pick.Of<string[]>(
                    [],
                    ["Content-Length: -1"],
                    ["Content-Length: +5"],
                    ["Content-Length: 0x5"],
                    ["Content-Length: 5, 5"],
                    ["Content-Length: 5", "Content-Length: 6"],
                    ["Content-Length: 99999999999999999999"],
                    ["Content-Length: 26214401"],
                    ["Content-Length: " + (body.Length + 1).ToString(CultureInfo.InvariantCulture)],
                    ["Content-Length: 0"],
                    ["Content-Length: 1", "Transfer-Encoding: chunked"],
                    ["Transfer-Encoding: chunked", "Content-Length: 0"],
                    ["Transfer-Encoding: gzip, chunked"],
                    ["Transfer-Encoding: chunked, chunked"],
                    ["Transfer-Encoding: xchunked"],
                    ["Transfer-Encoding:\u000bchunked"],
                    ["Transfer-Encoding: identity", "Expect: 100-continue"],
                    ["Expect: 100-continue", "Content-Length: 5"]
                )
                select (lines, body, false)
            ),
            (
                1,
                from end in Pick.Of(
                    "",
                    "0",
                    "0\r\n",
                    "0\r\nX-Auth-Token: x\r\n\r\n",
                    "-1\r\n\r\n",
                    "g\r\n\r\n",
                    "FFFFFFFFFFFFFFFFF\r\nx",
                    "5\r\nab\r\n0\r\n\r\n",
                    "2;" + new string('e', 20_000) + "\r\nab\r\n0\r\n\r\n",
                    "2\nab\n0\n\n",
                    "2\r\nab0\r\n\r\n"
                )
                select (ByChunks, Chunked(body, end), false)
            )
        );

    private static byte[] Chunked(byte[] body, string end) =>
        [
            .. body.Length == 0 ? [] : Encoding.ASCII.GetBytes($"{body.Length:x}\r\n"),
            .. body,
            .. body.Length == 0 ? [] : "\r\n"u8.ToArray(),
            .. Encoding.Latin1.GetBytes(end),
        ];
}
