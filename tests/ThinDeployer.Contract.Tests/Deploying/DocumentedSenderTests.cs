using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using ThinDeployer.Contract.Tests.Hosting;
using ThinDeployer.Contract.Tests.Http;
using ThinDeployer.Contract.Tests.Standalone;

namespace ThinDeployer.Contract.Tests.Deploying;

/// <summary>
/// Every service of docs/senders.md, and that of docs/rules.md, as it stands there, with the requests below it as their sender
/// makes them.
/// </summary>
public sealed partial class DocumentedSenderTests(SharedServer<StandaloneServer> shared)
    : HostContract<StandaloneServer>(shared),
        IClassFixture<SharedServer<StandaloneServer>>
{
    private const string Key = "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private const string Deploys = "Deploys";
    private const string AnotherKey = "NfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    /// <summary>Of all variables, as name=value.</summary>
    private const string PrintsValues = """commands: ["env | sed -n 's/^DEPLOY_/value /p' | sort"]""";

    private static readonly string Documents = Document.Read("docs", "senders.md") + Document.Read("docs", "rules.md");

    /// <summary>By the heading of its section: what its sender adds to a body, with a secret.</summary>
    private static readonly Dictionary<string, Func<string, string, Proof>> Senders = new()
    {
        ["GitHub"] = (key, body) => new($"X-Hub-Signature-256: sha256={Hex(key, body)}"),
        ["GitLab"] = Webhook,
        ["Gitea, Forgejo, Gogs"] = (key, body) => new($"X-Forgejo-Signature: {Hex(key, body)}"),
        ["Bitbucket Cloud"] = (key, body) => new($"X-Hub-Signature: sha256={Hex(key, body)}"),
        ["Bitbucket Data Center"] = (key, body) => new($"X-Hub-Signature: sha256={Hex(key, body)}"),
        ["Azure DevOps"] = (key, _) =>
            new($"Authorization: Basic {Convert.ToBase64String(Bytes($"anybody:{SecretOf(key)}"))}"),
        ["Docker Hub"] = (key, _) => new() { Query = $"?token={SecretOf(key)}" },
        ["Azure Container Registry"] = (key, _) => new($"X-Registry-Token: {SecretOf(key)}"),
        ["Harbor"] = (key, _) => new($"Authorization: Bearer {SecretOf(key)}"),
        ["Standard Webhooks"] = Webhook,
        ["Any other HMAC"] = (key, body) => new($"X-Signature: v1={Hex(key, body)}"),
        ["A call of your own"] = (key, _) => new($"X-Auth-Token: {SecretOf(key)}"),
        ["By forge and by hand"] = (key, body) =>
            new(body.Length > 0 ? $"X-Hub-Signature-256: sha256={Hex(key, body)}" : $"X-Auth-Token: {SecretOf(key)}"),
    };

    private static IReadOnlyDictionary<string, string> Services { get; } =
        Sections
            .Matches(Documents)
            .ToDictionary(
                section => section.Groups["heading"].Value,
                section => section.Groups["keys"].Value,
                StringComparer.Ordinal
            );

    protected override string Configuration =>
        string.Concat(
            Services.Select(service =>
                $"{NameOf(service.Key)}:\n"
                + Commands.Replace(service.Value, PrintsValues).Replace("/srv/shop", "site", StringComparison.Ordinal)
            )
        );

    /// <summary>Whose output may be read by these tests, too.</summary>
    protected override IReadOnlyDictionary<string, string> Settings(Workspace workspace) =>
        new Dictionary<string, string> { ["THIN_DEPLOYER_ADMIN_TOKEN"] = ServiceYaml.Token };

    public static TheoryData<string> Headings => [.. Services.Keys];

    protected override void Prepare(Workspace workspace)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        foreach (Match file in SecretFiles.Matches(Documents))
        {
            workspace.Write(file.Groups["name"].Value, SecretOf(Key) + "\n");
        }
    }

    [Xunit.Fact]
    public void All_of_them_are_found() => Assert.Equal(Senders.Keys.Order(), Services.Keys.Order());

    [Theory]
    [MemberData(nameof(Headings))]
    public async Task It_lets_its_sender_in_and_nobody_else_and_deploys_what_it_says(string heading)
    {
        foreach (var (said, http) in RequestsOf(heading))
        {
            var reason = ReasonIn(said);
            var right = await SendAsync(heading, http, Key);
            var wrong = await SendAsync(heading, http, AnotherKey);

            Assert.Equal(reason is null ? 202 : 200, right.Status);
            Assert.Equal(reason, right.Json.TryGetProperty("reason", out var given) ? given.GetString() : null);
            Assert.Equal(reason is not null, right.Json.TryGetProperty("output", out _));
            Refusal.AssertOf(wrong, NameOf(heading));
            if (reason is null)
            {
                Assert.Equal(ValuesIn(said), await ValuesAsync(right.Json.GetProperty("id").GetString()!));
            }
        }

        var bare = await Server.SendRawAsync(RawRequest.Post($"/deploy/{NameOf(heading)}", "{}"));
        Refusal.AssertOf(bare, NameOf(heading));
    }

    [Theory]
    [InlineData("GitHub", "X-GitHub-Event: ping")]
    [InlineData("Gitea, Forgejo, Gogs", "X-Gitea-Event: ping")]
    [InlineData("By forge and by hand", "X-GitHub-Event: ping")]
    public async Task Its_ping_is_answered(string heading, string header)
    {
        var answer = await SendAsync(heading, $"{header}\nContent-Type: application/json\n\n{{\"zen\": \"\"}}", Key);

        Assert.Equal((200, "ping"), (answer.Status, answer.Json.GetProperty("reason").GetString()));
    }

    [Fact]
    public async Task The_ping_of_bitbucket_data_center_needs_no_signature()
    {
        var answer = await Server.SendRawAsync(
            RawRequest.Post(
                $"/deploy/{NameOf("Bitbucket Data Center")}",
                "{\"test\": true}",
                "X-Event-Key: diagnostics:ping"
            )
        );

        Assert.Equal((200, "ping"), (answer.Status, answer.Json.GetProperty("reason").GetString()));
    }

    private Task<Answer> SendAsync(string heading, string http, string key)
    {
        var parts = http.Split("\n\n", 2);
        var body = parts.Length > 1 ? OnTheWire(parts[1]) : "";
        var proof = Senders[heading](key, body);
        return Server.SendRawAsync(
            RawRequest.Post(
                $"/deploy/{NameOf(heading)}{proof.Query}",
                body,
                [.. parts[0].Split('\n', StringSplitOptions.RemoveEmptyEntries), .. proof.Headers]
            )
        );
    }

    /// <summary>On one line, and the JSON of a form encoded.</summary>
    private static string OnTheWire(string shown)
    {
        const string field = "payload=";
        var body = shown.Replace("\n", "", StringComparison.Ordinal);
        return body.StartsWith(field, StringComparison.Ordinal)
            ? field + Uri.EscapeDataString(body[field.Length..])
            : body;
    }

    private async Task<IEnumerable<string>> ValuesAsync(string id)
    {
        _ = await Server.EndOfAsync(id);
        const string mark = "value ";
        return (await Server.AskAsync($"/deployments/{id}/log"))
            .Text.Split('\n')
            .Where(line => line.StartsWith(mark, StringComparison.Ordinal))
            .Select(line => line[mark.Length..]);
    }

    /// <summary>What is said of each request. A section without any stands for any body.</summary>
    private static List<(string Said, string Http)> RequestsOf(string heading)
    {
        var begin = Documents.IndexOf($"\n## {heading}\n", StringComparison.Ordinal) + 1;
        var end = Documents.IndexOf("\n## ", begin, StringComparison.Ordinal);
        var section = end < 0 ? Documents[begin..] : Documents[begin..end];
        List<(string Said, string Http)> requests =
        [
            .. Blocks
                .Matches(section)
                .Select(block => (block.Groups["said"].Value, block.Groups["http"].Value.TrimEnd('\n'))),
        ];
        return requests.Count > 0 ? requests : [(Deploys, "\n\n{}")];
    }

    /// <returns>Null for one that deploys.</returns>
    private static string? ReasonIn(string said) =>
        said.StartsWith(Deploys, StringComparison.Ordinal)
            ? null
            : said[(said.IndexOf('`') + 1)..said.LastIndexOf('`')];

    private static IEnumerable<string> ValuesIn(string said) =>
        Assignments
            .Matches(said)
            .Select(pair => $"{pair.Groups["name"].Value.ToUpperInvariant()}={pair.Groups["value"].Value}");

    private static string NameOf(string heading) =>
        heading.Replace(", ", "-", StringComparison.Ordinal).Replace(' ', '-');

    private static Proof Webhook(string key, string body)
    {
        var time = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var id = $"msg_{Guid.NewGuid()}";
        var code = HMACSHA256.HashData(Convert.FromBase64String(key), Bytes($"{id}.{time}.{body}"));
        return new(
            $"webhook-id: {id}",
            $"webhook-timestamp: {time}",
            $"webhook-signature: v1,{Convert.ToBase64String(code)}"
        );
    }

    private static string Hex(string key, string body) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(Bytes(SecretOf(key)), Bytes(body)));

    private static string SecretOf(string key) => "whsec_" + key;

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    [GeneratedRegex(
        @"^## (?<heading>[^\n]+)\n((?!^## ).)*?^```yaml\nshop:\n(?<keys>.*?)^```",
        RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture,
        1_000
    )]
    private static partial Regex Sections { get; }

    [GeneratedRegex(
        "^(?<said>(Deploys|Does nothing)[^\n]*):\n\n```http\n(?<http>.*?)```",
        RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture,
        1_000
    )]
    private static partial Regex Blocks { get; }

    [GeneratedRegex("`(?<name>[a-z]+)` = `(?<value>[^`]+)`", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Assignments { get; }

    [GeneratedRegex(@"commands: \[.*\]", RegexOptions.None, 1_000)]
    private static partial Regex Commands { get; }

    [GeneratedRegex(@"_file: (?<name>[\w.]+)", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex SecretFiles { get; }

    /// <summary>What shows that a request is its sender's.</summary>
    private sealed record Proof(params string[] Headers)
    {
        internal string Query { get; init; } = "";
    }
}
