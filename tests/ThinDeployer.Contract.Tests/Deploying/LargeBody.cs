using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using ThinDeployer.Contract.Tests.Hosting;
using ThinDeployer.Contract.Tests.Http;

namespace ThinDeployer.Contract.Tests.Deploying;

/// <summary>A request whose body is as large as is wanted, of each kind that people send.</summary>
internal sealed record LargeBody(string Service, byte[] Bytes, string MediaType)
{
    internal const string Secret = "the-secret-of-the-sender";

    private const string FormType = "application/x-www-form-urlencoded";
    private const string JsonType = "application/json";
    private const string WebhookKey = "the-key-of-the-webhook";
    private const string Head = "{\"ref\": \"refs/heads/main\", \"filling\": \"";
    private const string Part = "--b\r\nContent-Disposition: form-data; name=\"payload\"\r\n\r\n";

    internal static string WebhookSecret { get; } =
        "whsec_" + Convert.ToBase64String(Encoding.UTF8.GetBytes(WebhookKey));

    private bool IsChunked { get; init; }

    /// <param name="kind">Also the name of the service, but for those that differ in their transfer only.</param>
    /// <param name="size">Bytes of the body.</param>
    internal static LargeBody Of(string kind, int size) =>
        kind switch
        {
            "form" => new("ruled", Filled("payload=" + Uri.EscapeDataString(Head), "%22%7D", size), FormType),
            "multipart" => new(
                "ruled",
                Filled(Part + Head, "\"}\r\n--b--\r\n", size),
                "multipart/form-data; boundary=b"
            ),
            "json" => new("ruled", Filled(Head, "\"}", size), JsonType),
            "raw" => new("raw", Filled("", "", size), "application/octet-stream"),
            "chunked" => new("raw", Filled("", "", size), "application/octet-stream") { IsChunked = true },
            _ => new(kind, Filled(Head, "\"}", size), JsonType),
        };

    internal async Task<Answer> SendAsync(RunningServer server)
    {
        using var content = new ByteArrayContent(Bytes);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(MediaType);
        return await server.SendAsync(
            HttpMethod.Post,
            $"/deploy/{Service}",
            content,
            [.. Credentials(), .. Transfer()]
        );
    }

    private (string Name, string Value)[] Transfer() => IsChunked ? [("Transfer-Encoding", "chunked")] : [];

    private (string Name, string Value)[] Credentials() =>
        Service switch
        {
            "signed" =>
            [
                ("X-Hub-Signature-256", "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Key(Secret), Bytes))),
            ],
            "webhook" => Webhook(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds()),
            _ => [("X-Auth-Token", ServiceYaml.Token)],
        };

    private (string Name, string Value)[] Webhook(long now)
    {
        var code = HMACSHA256.HashData(Key(WebhookKey), (byte[])[.. Key($"id-{now}.{now}."), .. Bytes]);
        return
        [
            ("webhook-id", $"id-{now}"),
            ("webhook-timestamp", $"{now}"),
            ("webhook-signature", "v1," + Convert.ToBase64String(code)),
        ];
    }

    private static byte[] Key(string text) => Encoding.UTF8.GetBytes(text);

    private static byte[] Filled(string head, string tail, int size)
    {
        var bytes = new byte[size];
        bytes.AsSpan().Fill((byte)'x');
        Encoding.ASCII.GetBytes(head, bytes);
        Encoding.ASCII.GetBytes(tail, bytes.AsSpan(size - tail.Length));
        return bytes;
    }
}
