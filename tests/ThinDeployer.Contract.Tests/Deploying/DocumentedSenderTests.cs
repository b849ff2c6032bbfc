using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using ThinDeployer.Contract.Tests.Hosting;
using ThinDeployer.Contract.Tests.Http;
using ThinDeployer.Contract.Tests.Standalone;

namespace ThinDeployer.Contract.Tests.Deploying;

/// <summary>Every service of docs/senders.md, as it stands there, and a request as its sender makes it.</summary>
public sealed partial class DocumentedSenderTests(SharedServer<StandaloneServer> shared)
    : HostContract<StandaloneServer>(shared),
        IClassFixture<SharedServer<StandaloneServer>>
{
    private const string Key = "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private const string AnotherKey = "NfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private const string Body = "{\"ref\": \"refs/heads/main\"}";

    private static readonly string Document = File.ReadAllText(
        Path.Combine(AppContext.BaseDirectory, "docs", "senders.md")
    );

    /// <summary>By the heading of its section: what it makes of a service and a secret.</summary>
    private static readonly Dictionary<string, Func<string, string, string>> Requests = new()
    {
        ["GitHub"] = (service, key) => Post(service, $"X-Hub-Signature-256: sha256={Hex(key)}"),
        ["GitLab"] = Webhook,
        ["Gitea, Forgejo, Gogs"] = (service, key) => Post(service, $"X-Forgejo-Signature: {Hex(key)}"),
        ["Bitbucket"] = (service, key) => Post(service, $"X-Hub-Signature: sha256={Hex(key)}"),
        ["Standard Webhooks"] = Webhook,
        ["Any other HMAC"] = (service, key) => Post(service, $"X-Signature: v1={Hex(key)}"),
        ["Docker Hub"] = (service, key) => Post($"{service}?token={SecretOf(key)}"),
        ["Azure DevOps"] = (service, key) =>
            Post(service, $"Authorization: Basic {Convert.ToBase64String(Bytes($"anybody:{SecretOf(key)}"))}"),
        ["Azure Container Registry, Harbor, and others"] = (service, key) =>
            Post(service, $"X-Registry-Token: {SecretOf(key)}"),
    };

    private static IReadOnlyDictionary<string, string> Services { get; } =
        Sections
            .Matches(Document)
            .ToDictionary(
                section => section.Groups["heading"].Value,
                section => section.Groups["keys"].Value,
                StringComparer.Ordinal
            );

    protected override string Configuration =>
        string.Concat(
            Services.Select(service =>
                $"{NameOf(service.Key)}:\n"
                + Commands
                    .Replace(service.Value, "commands: ['true']")
                    .Replace("/srv/shop", "site", StringComparison.Ordinal)
            )
        );

    public static TheoryData<string> Headings => [.. Services.Keys];

    protected override void Prepare(Workspace workspace)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        foreach (Match file in SecretFiles.Matches(Document))
        {
            workspace.Write(file.Groups["name"].Value, SecretOf(Key) + "\n");
        }
    }

    [Fact]
    public void All_of_them_are_found() => Assert.Equal(Requests.Keys.Order(), Services.Keys.Order());

    [Theory]
    [MemberData(nameof(Headings))]
    public async Task It_lets_its_sender_in_and_nobody_else(string heading)
    {
        var service = NameOf(heading);

        var right = await Server.SendRawAsync(Requests[heading](service, Key));
        var wrong = await Server.SendRawAsync(Requests[heading](service, AnotherKey));
        var bare = await Server.SendRawAsync(Post(service));

        Assert.Equal(202, right.Status);
        Assert.False(right.Json.TryGetProperty("output", out _));
        Refusal.AssertOf(wrong, service);
        Refusal.AssertOf(bare, service);
    }

    private static string NameOf(string heading) =>
        heading.Replace(", ", "-", StringComparison.Ordinal).Replace(' ', '-');

    private static string Post(string serviceAndQuery, params string[] headers) =>
        RawRequest.Post($"/deploy/{serviceAndQuery}", Body, headers);

    private static string Webhook(string service, string key)
    {
        var time = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var code = HMACSHA256.HashData(Convert.FromBase64String(key), Bytes($"msg_1.{time}.{Body}"));
        return Post(
            service,
            "webhook-id: msg_1",
            $"webhook-timestamp: {time}",
            $"webhook-signature: v1,{Convert.ToBase64String(code)}"
        );
    }

    private static string Hex(string key) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(Bytes(SecretOf(key)), Bytes(Body)));

    private static string SecretOf(string key) => "whsec_" + key;

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    [GeneratedRegex(
        @"^## (?<heading>[^\n]+)\n((?!^## ).)*?^```yaml\nshop:\n(?<keys>.*?)^```",
        RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture,
        1_000
    )]
    private static partial Regex Sections { get; }

    /// <summary>What they do does not matter here.</summary>
    [GeneratedRegex(@"commands: \[.*\]", RegexOptions.None, 1_000)]
    private static partial Regex Commands { get; }

    [GeneratedRegex(@"_file: (?<name>[\w.]+)", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex SecretFiles { get; }
}
