using System.Security.Cryptography;
using System.Text;
using ThinDeployer.Contract.Tests.Hosting;

namespace ThinDeployer.Fuzz.Serving;

/// <summary>The services of the server that is attacked. Those that are guarded write into a file when they are deployed.</summary>
internal static class Services
{
    internal const string AdminToken = "the-admin-token-that-nobody-of-these-strangers-has";
    internal const string HealthToken = "the-health-token-that-nobody-has";

    /// <summary>Whose right token is used.</summary>
    internal const string Open = "open";

    /// <summary>Signs as GitHub does, and is used rightly.</summary>
    internal const string OpenSigned = "open-signed";
    internal const string OpenRuled = "open-ruled";
    internal const string OpenStandard = "open-standard";
    internal const string OpenSecretive = "open-secretive";
    internal const string OpenSecret = "a-signing-secret-of-a-friend-00000000";

    /// <summary>What guarded services write into, in the site folder.</summary>
    internal const string Ran = "ran";

    internal const string Weak = "short-1";
    internal const string Long = "Zm9vYmFyLWEtbG9uZy10b2tlbi1vZi0zMg-and-more";
    internal const string Digested = "the-token-behind-a-digest-of-SHA-256";
    internal const string Secret = "It's a Secret to Everybody, is it not?";
    internal const string WebhookSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    /// <summary>All that would admit a stranger to a guarded service, or to the history.</summary>
    internal static readonly string[] Secrets =
    [
        Weak,
        Long,
        Digested,
        Secret,
        WebhookSecret,
        AdminToken,
        HealthToken,
        ServiceYaml.Token,
    ];

    internal static readonly IReadOnlyDictionary<string, string> Guarded = new Dictionary<string, string>
    {
        ["weak"] = $"token: {Weak}",
        ["long"] = $"token: {Long}, token_header: X-Deploy-Key",
        ["digest"] = $"token: 'sha256:{Hex(SHA256.HashData(Encoding.UTF8.GetBytes(Digested)))}'",
        ["named"] = $"token: {{ci: {Long}, me: {Digested}}}, allow_get: false",
        ["ruled"] =
            $"token: {Long}, when: {{any: [{{json: ref, equals: refs/heads/main}}, {{query: go, exists: true}}]}}, "
            + "variables: {branch: {json: ref, default: main}, who: {header: X-Who, default: me}}",
        ["patterned"] = $"token: {Weak}, request_regexp: 'ma(i|st)'",
        ["github"] = Signed("github"),
        ["github-or-token"] = $"token: {Long}, " + Signed("github"),
        ["gitlab"] = Signed("gitlab"),
        ["gitlab-signing"] = Signed("gitlab", WebhookSecret),
        ["gitea"] = Signed("gitea"),
        ["bitbucket"] = Signed("bitbucket"),
        ["standard"] = Signed("standard-webhooks", WebhookSecret),
        ["hmac"] =
            $"signature: {{sender: hmac, secret: {ServiceYaml.Quoted(Secret)}, header: X-Sum, algorithm: sha512, "
            + "encoding: base64, prefix: 'v='}",
    };

    private static readonly string[] OpenCommands =
    [
        ": '%b%' \"%c%\" x%d%y $(: %e%) ${u:-%f%} `: %g%`",
        "printf '[%s]' %a%",
    ];

    internal static string Configuration { get; } =
        string.Concat(
            Guarded.Select(entry =>
                ServiceYaml.Bare(entry.Key, entry.Value + ", pwd: site", $"echo {entry.Key} %a% >> {Ran}")
            )
        )
        + ServiceYaml.With(Open, "parallel: 4, keep: 20, keep_deliveries: 5", OpenCommands)
        + ServiceYaml.With(
            OpenRuled,
            "parallel: 4, keep: 20, when: {not: {json: 'stop[0].here', equals: now}}, variables: "
                + "{a: {json: a.b, default: none}, b: {argument: b, default: x, allow_dash: true}, c: {header: X-C, default: ''}}",
            OpenCommands
        )
        + ServiceYaml.With(
            OpenSecretive,
            $"parallel: 4, keep: 20, keep_deliveries: 5, environment: {{KEY: {{secret: {ServiceYaml.Quoted(Requests.SpeltSecrets.Secret)}}}}}",
            "true"
        )
        + ServiceYaml.Bare(
            OpenStandard,
            $"signature: {{sender: standard-webhooks, secret: {WebhookSecret}}}, respond: wait, parallel: 4, pwd: site, keep: 20",
            "true"
        )
        + ServiceYaml.Bare(
            OpenSigned,
            $"signature: {{sender: github, secret: {OpenSecret}}}, respond: wait, parallel: 4, pwd: site, keep: 20",
            "printf '[%s]' %a%"
        );

    internal static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);

    private static string Signed(string sender, string secret = Secret) =>
        $"signature: {{sender: {sender}, secret: {ServiceYaml.Quoted(secret)}}}, respond: wait";
}
