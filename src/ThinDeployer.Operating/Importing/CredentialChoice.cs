using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using ThinDeployer.Operating.Writing;

namespace ThinDeployer.Operating.Importing;

/// <summary>What a hook demands of everybody: who may deploy, and what else must hold.</summary>
/// <param name="Credential">Of the service; empty where the hook has none.</param>
/// <param name="Others">Rules that must hold as well.</param>
internal sealed partial record CredentialChoice(IReadOnlyList<WrittenEntry> Credential, IReadOnlyList<HookRule> Others)
{
    /// <summary>A signature before a secret that is sent as it is.</summary>
    /// <param name="hook">Whose rule is looked at.</param>
    /// <param name="told">Takes what is otherwise than before.</param>
    internal static CredentialChoice Of(Hook hook, List<Told> told)
    {
        var rules = hook.Rule is null ? [] : Demanded(hook.Rule).ToList();
        foreach (var rule in rules)
        {
            if (Signature(rule, hook.ToleratesSignatures, told) is { } signature)
            {
                Tell(signature, rule, told);
                return new CredentialChoice([new WrittenEntry("signature", signature.Written())], Without(rules, rule));
            }
        }

        foreach (var rule in rules)
        {
            if (Token(rule, hook.ContentType, told) is { } token)
            {
                return new CredentialChoice(token.Entries, token.IsWhole ? Without(rules, rule) : rules);
            }
        }

        return new CredentialChoice([], rules);
    }

    private static IEnumerable<HookRule> Demanded(HookRule rule) =>
        rule is HookRule.And(_, var rules) ? rules.SelectMany(Demanded) : [rule];

    private static List<HookRule> Without(List<HookRule> rules, HookRule one) =>
        [.. rules.Where(rule => !ReferenceEquals(rule, one))];

    private static void Tell(SignatureRule signature, HookRule rule, List<Told> told)
    {
        if (signature.IsSha1)
        {
            told.Add(
                new Told(
                    Gravity.Note,
                    rule.Place,
                    "token",
                    "SHA-1 is outdated; GitHub also signs with SHA-256: sender github, without header, algorithm and prefix"
                )
            );
        }
        else if (signature.IsGuessed)
        {
            told.Add(
                new Told(
                    Gravity.Note,
                    rule.Place,
                    "token",
                    $"if the sender puts \"{signature.Algorithm}=\" before the code, add it to \"signature\" as \"prefix\""
                )
            );
        }
    }

    private static SignatureRule? Signature(HookRule rule, bool isTolerant, List<Told> told)
    {
        if (rule is not HookRule.Or(_, { Count: > 0 } rules))
        {
            return SignatureRule.Of(rule);
        }

        var signatures = rules.Select(SignatureRule.Of).ToList();
        if (signatures.Contains(null))
        {
            return null;
        }

        var best = signatures.MaxBy(one =>
            int.Parse(one!.Algorithm[3..], CultureInfo.InvariantCulture) is 1 and var old ? old : 2
        )!;
        var same = signatures.Where(one => one!.Header == best.Header && one.Algorithm == best.Algorithm).ToList();
        // Without tolerance webhook never comes to a second one, because the first that is wrong ends the request.
        var secrets = same.Take(isTolerant ? same.Count : 1).SelectMany(one => one!.Secrets).ToList();
        if (secrets.Count < signatures.Count)
        {
            told.Add(
                new Told(
                    Gravity.Loss,
                    rule.Place,
                    "token",
                    "signatures beside the one below; one way of signing belongs to a service, with a list of secrets"
                )
            );
        }

        return best with
        {
            Secrets = secrets,
        };
    }

    private static TokenRule? Token(HookRule rule, string? contentType, List<Told> told)
    {
        HookRule[] rules = rule is HookRule.Or(_, { Count: > 0 } alternatives) ? [.. alternatives] : [rule];
        var matches = rules.Select(one => one as HookRule.Match).ToList();
        if (
            matches.Contains(null)
            || matches.Exists(match => match is not { Type: "value", Operand.Parts.Count: > 0, Value: not null })
            || matches.DistinctBy(match => (match!.Value!.Source, match.Value.Name.Literal)).Count() != 1
            || matches.Exists(match => match!.Operand.Value is null && match.Operand.File is null)
            || matches.Count(match => match!.Operand.File is not null) > 1
        )
        {
            return null;
        }

        var place = matches[0]!.Value!;
        var secrets = matches.ConvertAll(match => match!.Operand);
        switch (place)
        {
            case { Source: "header", Name.Literal: { } header }:
                return OfHeader(header, secrets);
            case { Source: "url", Name.Literal: "token" }:
                return Plain(secrets);
            case { Source: "payload", Name.Literal: "token" }
                when contentType?.Contains("json", StringComparison.OrdinalIgnoreCase) != true:
                told.Add(
                    new Told(
                        Gravity.Note,
                        rule.Place,
                        "token",
                        "the token in the body counts in a form only; a sender of JSON can put it into X-Auth-Token"
                    )
                );
                return Plain(secrets);
            default:
                return null;
        }
    }

    private static TokenRule? OfHeader(string header, List<HookText> secrets)
    {
        if (header.Equals("X-Gitlab-Token", StringComparison.OrdinalIgnoreCase))
        {
            // GitLab's own signing tokens begin so, and never stand in the header.
            return secrets.Exists(secret => secret.Literal?.StartsWith("whsec_", StringComparison.Ordinal) == true)
                ? Plain(secrets, header)
                : new TokenRule([
                    new WrittenEntry(
                        "signature",
                        new Written.Map([
                            new WrittenEntry("sender", new Written.Text("gitlab")),
                            .. SecretEntries.Of("secret", secrets),
                        ])
                    ),
                ]);
        }

        if (header.Equals("Authorization", StringComparison.OrdinalIgnoreCase))
        {
            return OfAuthorization(secrets);
        }

        return header.Equals("X-Auth-Token", StringComparison.OrdinalIgnoreCase) ? Plain(secrets)
            : IsSecret(header) ? Plain(secrets, header)
            : null;
    }

    /// <summary><c>Bearer TOKEN</c>, or <c>Basic</c>, whose user stays a rule: here any will do.</summary>
    private static TokenRule? OfAuthorization(List<HookText> secrets)
    {
        if (secrets is not [{ Parts: [TextPart.Plain(var text), ..] parts } secret])
        {
            return null;
        }

        if (text.StartsWith("Bearer ", StringComparison.Ordinal) && (text.Length > 7 || parts.Count > 1))
        {
            var token = secret with { Parts = [new TextPart.Plain(text[7..]), .. parts.Skip(1)] };
            return Plain([token]);
        }

        return
            text.StartsWith("Basic ", StringComparison.Ordinal)
            && parts.Count == 1
            && Password(text[6..]) is { } password
            ? Plain([secret with { Parts = [new TextPart.Plain(password)] }]) with
            {
                IsWhole = false,
            }
            : null;
    }

    private static string? Password(string base64)
    {
        var bytes = new byte[base64.Length];
        return
            Convert.TryFromBase64String(base64, bytes, out var length)
            && Encoding.UTF8.GetString(bytes, 0, length).Split(':', 2) is [_, { Length: > 0 } password]
            && !password.Contains('\uFFFD')
            ? password
            : null;
    }

    private static TokenRule Plain(List<HookText> secrets, string? header = null) =>
        new([
            .. SecretEntries.Of("token", secrets.ConvertAll(Spelled)),
            .. header is null ? [] : new[] { new WrittenEntry("token_header", new Written.Text(header)) },
        ]);

    /// <summary>What would be taken for a digest is given as one.</summary>
    private static HookText Spelled(HookText token) =>
        token.Literal is { } text && text.StartsWith("sha256:", StringComparison.Ordinal)
            ? token with
            {
                Parts =
                [
                    new TextPart.Plain(
                        "sha256:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))
                    ),
                ],
            }
            : token;

    /// <summary>Bitbucket names its event in <c>X-Event-Key</c>.</summary>
    private static bool IsSecret(string header) =>
        SecretName.IsMatch(header)
        && !header.Equals("X-Event-Key", StringComparison.OrdinalIgnoreCase)
        && HeaderName.IsMatch(header);

    [GeneratedRegex(
        "(token|secret|password|passwd|credentials?|(^|[-_])key|api_?key|(^|[-_])auth(orization)?)$",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture,
        1_000
    )]
    private static partial Regex SecretName { get; }

    [GeneratedRegex(@"^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,128}\z", RegexOptions.None, 1_000)]
    private static partial Regex HeaderName { get; }

    /// <param name="Entries">Of the service.</param>
    /// <param name="IsWhole">Whether they say all that the rule said.</param>
    private sealed record TokenRule(IReadOnlyList<WrittenEntry> Entries, bool IsWhole = true)
    {
        public override string ToString() => nameof(TokenRule);
    }
}
