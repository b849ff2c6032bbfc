using System.Security.Cryptography;
using ThinDeployer.Yaml;

namespace ThinDeployer.Security;

/// <summary>Reads a service's <c>signature</c>.</summary>
internal static class SignatureReader
{
    private const string Hmac = "hmac";
    private const string GitLab = "gitlab";
    private const string Webhooks = "standard-webhooks";

    private static readonly string[] FormKeys = ["header", "algorithm", "encoding", "prefix"];

    /// <summary>
    /// What each sender's documentation says (docs.github.com, forgejo.org, docs.gitea.com, gogs.io,
    /// support.atlassian.com).
    /// </summary>
    private static readonly Dictionary<string, HmacHeaderForm> Forms = new(StringComparer.Ordinal)
    {
        ["github"] = new("X-Hub-Signature-256", HashAlgorithmName.SHA256, Prefix: "sha256=")
        {
            OutdatedHeader = "X-Hub-Signature",
        },
        ["gitea"] = new("X-Gitea-Signature", HashAlgorithmName.SHA256),
        ["forgejo"] = new("X-Forgejo-Signature", HashAlgorithmName.SHA256),
        ["gogs"] = new("X-Gogs-Signature", HashAlgorithmName.SHA256),
        ["bitbucket"] = new("X-Hub-Signature", HashAlgorithmName.SHA256, Prefix: "sha256="),
    };

    private static readonly string[] Senders = [.. Forms.Keys, GitLab, Webhooks, Hmac];

    /// <summary>Null where there is none, or it can't be used.</summary>
    internal static SenderSignature? Read(MapReader service) =>
        service.Map("signature") is { } keys ? ReadKeys(keys)
        : service.Node("signature") is YamlText { IsNothing: true } ? Empty(service)
        : null;

    internal static SenderSignature? ReadKeys(MapReader keys)
    {
        var sender = Sender(keys);
        var secrets = SigningSecretsReader.Read(keys);
        var form = Form(keys, sender);
        keys.Finish();
        if (sender is null || secrets.Count == 0)
        {
            return null;
        }

        SignatureScheme? scheme = sender switch
        {
            GitLab => OfGitLab(secrets, keys.Context),
            Webhooks => new StandardWebhooks(Decoded(secrets, keys.Context)),
            _ => form is null
                ? null
                : new HmacHeader(form, secrets.ConvertAll(secret => SigningSecret.OfText(secret.Text))),
        };
        return scheme is null ? null : new SenderSignature(sender, scheme, secrets.Min(secret => secret.Text.Length));
    }

    private static SenderSignature? Empty(MapReader service)
    {
        service.Context.Mistake(
            service.Node("signature")!.Place,
            "\"signature\" is empty; write for example {sender: github, secret_file: webhook.secret}"
        );
        return null;
    }

    private static string? Sender(MapReader keys)
    {
        var sender = keys.OptionalChoice("sender", Senders);
        if (keys.Node("sender") is null or YamlText { Text.Length: 0 })
        {
            keys.Context.Mistake(
                keys.Node("sender")?.Place ?? keys.Place,
                $"\"sender\" is missing; name one of: {string.Join(", ", Senders)}"
            );
        }

        return sender;
    }

    /// <summary>Null for a sender that has none, and for one that could not be read.</summary>
    private static HmacHeaderForm? Form(MapReader keys, string? sender)
    {
        if (sender is null or Hmac)
        {
            return OwnForm(keys, isWanted: sender is Hmac);
        }

        foreach (var key in FormKeys.Where(keys.Has))
        {
            keys.Context.Mistake(
                keys.Node(key)!.Place,
                $"{Quote.Of(key)} belongs to the sender hmac; what {sender} sends is known"
            );
        }

        return Forms.GetValueOrDefault(sender);
    }

    private static HmacHeaderForm? OwnForm(MapReader keys, bool isWanted)
    {
        var algorithm = keys.Choice("algorithm", "sha256", "sha1", "sha512");
        var encoding = keys.Choice("encoding", "hex", "base64");
        var prefix = keys.Text("prefix") ?? "";
        if (HeaderName.Read(keys, "header") is { } header)
        {
            return new HmacHeaderForm(header, AlgorithmOf(algorithm), encoding == "base64", prefix);
        }

        if (isWanted && !keys.Has("header"))
        {
            keys.Context.Mistake(keys.Place, "\"header\" is missing; name the header that holds the signature");
        }

        return null;
    }

    private static HashAlgorithmName AlgorithmOf(string name) =>
        name switch
        {
            "sha1" => HashAlgorithmName.SHA1,
            "sha512" => HashAlgorithmName.SHA512,
            _ => HashAlgorithmName.SHA256,
        };

    private static GitLabSignature OfGitLab(List<PlacedSecret> secrets, ReadingContext context)
    {
        var signing = secrets.Where(IsSigningToken).ToList();
        var plain = secrets.Where(secret => !IsSigningToken(secret)).ToList();
        return new GitLabSignature(
            new TokenSet(
                plain.ConvertAll(secret => new Token(Name: null, Secret.DigestOf(secret.Bytes), secret.Text.Length))
            ),
            plain.Count > 0 ? plain[0].Text : null,
            signing.Count > 0 ? new StandardWebhooks(Decoded(signing, context)) : null
        );
    }

    private static bool IsSigningToken(PlacedSecret secret) =>
        secret.Text.StartsWith(SigningSecret.WebhookPrefix, StringComparison.Ordinal);

    private static List<SigningSecret> Decoded(List<PlacedSecret> secrets, ReadingContext context)
    {
        var decoded = new List<SigningSecret>();
        foreach (var secret in secrets)
        {
            if (SigningSecret.OfBase64(secret.Text) is { } key)
            {
                decoded.Add(key);
            }
            else
            {
                context.Mistake(
                    secret.Place,
                    "a secret of Standard Webhooks is base64, with or without \"whsec_\" in front"
                );
            }
        }

        return decoded;
    }
}
