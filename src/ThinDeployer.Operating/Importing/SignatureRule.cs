using System.Buffers;
using ThinDeployer.Operating.Writing;

namespace ThinDeployer.Operating.Importing;

/// <summary>A signature over the body that a hook demands.</summary>
/// <param name="Header">That holds it.</param>
/// <param name="Algorithm">As <c>signature.algorithm</c> names it.</param>
/// <param name="Secrets">Any of them may be right.</param>
internal sealed record SignatureRule(string Header, string Algorithm, IReadOnlyList<HookText> Secrets)
{
    /// <summary>Headers that mean something else, and that can't hold a signature here.</summary>
    private static readonly string[] Taken =
    [
        "Authorization",
        "Content-Length",
        "Content-Type",
        "Host",
        "Transfer-Encoding",
    ];

    private static readonly SearchValues<char> HeaderCharacters = SearchValues.Create(
        "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    );

    /// <summary>Senders whose way is known, by the header that they use with SHA-256.</summary>
    private static readonly Dictionary<string, string> Senders = new(StringComparer.OrdinalIgnoreCase)
    {
        ["X-Hub-Signature-256"] = "github",
        ["X-Hub-Signature"] = "bitbucket",
        ["X-Gitea-Signature"] = "gitea",
        ["X-Forgejo-Signature"] = "forgejo",
        ["X-Gogs-Signature"] = "gogs",
    };

    /// <summary>Whether the sender's form had to be guessed.</summary>
    internal bool IsGuessed => Sender is null && !HasPrefix;

    internal bool IsSha1 => Algorithm == "sha1";

    private string? Sender => Algorithm == "sha256" ? Senders.GetValueOrDefault(Header) : null;

    private bool HasPrefix => Header.StartsWith("X-Hub-Signature", StringComparison.OrdinalIgnoreCase);

    /// <summary>Of a type of webhook's rules; null for one that is no signature over the body.</summary>
    internal static string? AlgorithmOf(string type) =>
        type switch
        {
            "payload-hmac-sha1" or "payload-hash-sha1" => "sha1",
            "payload-hmac-sha256" or "payload-hash-sha256" => "sha256",
            "payload-hmac-sha512" or "payload-hash-sha512" => "sha512",
            _ => null,
        };

    /// <summary>Null for what is none, or none that can be checked here.</summary>
    internal static SignatureRule? Of(HookRule rule) =>
        rule
            is HookRule.Match
            {
                Operand: { Parts.Count: > 0 } secret,
                Value: { Source: "header", Name.Literal: { Length: > 0 and <= 128 } header },
            } match
        && AlgorithmOf(match.Type) is { } algorithm
        && (secret.Value is not null || secret.File is not null)
        && !header.AsSpan().ContainsAnyExcept(HeaderCharacters)
        && !Taken.Contains(header, StringComparer.OrdinalIgnoreCase)
            ? new SignatureRule(header, algorithm, [secret])
            : null;

    /// <summary>The entries of <c>signature</c>.</summary>
    internal Written.Map Written() =>
        new([
            new WrittenEntry("sender", new Written.Text(Sender ?? "hmac")),
            .. SecretEntries.Of("secret", Secrets),
            .. Sender is null ? OwnForm() : [],
        ]);

    private IEnumerable<WrittenEntry> OwnForm()
    {
        yield return new WrittenEntry("header", new Written.Text(Header));
        yield return new WrittenEntry("algorithm", new Written.Text(Algorithm));
        if (HasPrefix)
        {
            yield return new WrittenEntry("prefix", new Written.Text($"{Algorithm}="));
        }
    }
}
