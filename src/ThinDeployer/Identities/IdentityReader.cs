using System.Net;
using ThinDeployer.Yaml;

namespace ThinDeployer.Identities;

/// <summary>Reads a service's <c>identity</c>.</summary>
internal static class IdentityReader
{
    private const int MaximumRules = 50;
    private const int MaximumTexts = 50;

    private const string WrongEntry =
        "an entry of \"identity\" must be a map, such as {issuer: https://…, audience: …, claims: {repository: …}}";

    /// <summary>
    /// Issuers whose tokens anybody can have, for any audience, and the claims that say whose job it is
    /// (docs.github.com, "OpenID Connect reference"; docs.gitlab.com, "OpenID Connect (OIDC) Authentication Using ID Tokens").
    /// </summary>
    private static readonly Dictionary<string, string[]> Public = new(StringComparer.Ordinal)
    {
        ["https://token.actions.githubusercontent.com"] =
        [
            "repository",
            "repository_id",
            "repository_owner",
            "repository_owner_id",
            "sub",
            "job_workflow_ref",
            "enterprise",
            "enterprise_id",
        ],
        ["https://gitlab.com"] = ["project_path", "project_id", "namespace_path", "namespace_id", "sub"],
        ["https://codeberg.org/api/actions"] = ["repository", "repository_owner", "sub"],
    };

    internal static IReadOnlyList<IdentityRule> Read(MapReader service)
    {
        var context = service.Context;
        var items = service.List("identity");
        if (service.Node("identity") is YamlList { Items.Count: 0 } or YamlText { IsNothing: true })
        {
            context.Mistake(service.Node("identity")!.Place, $"\"identity\" is empty; {WrongEntry}");
        }

        if (items.Count > MaximumRules)
        {
            context.Mistake(items[MaximumRules].Place, $"\"identity\" must have at most {MaximumRules} entries");
        }

        var rules = new List<IdentityRule>();
        foreach (var item in items.Take(MaximumRules))
        {
            if (item is not YamlMap map)
            {
                context.Mistake(item.Place, WrongEntry);
            }
            else if (ReadRule(new MapReader(map, context)) is { } rule)
            {
                rules.Add(rule);
            }
        }

        return rules;
    }

    /// <summary>Null after a mistake.</summary>
    internal static IdentityRule? ReadRule(MapReader keys)
    {
        var issuer = Issuer(keys);
        var audience = keys.Text("audience");
        if (audience is null)
        {
            keys.Context.Mistake(
                keys.Node("audience")?.Place ?? keys.Place,
                "\"audience\" is missing; name what the job asks its token for, such as the server's own address"
            );
        }

        var claims = Claims(keys);
        var name = keys.Text("name");
        keys.Finish();
        if (issuer is null || audience is null || claims.Count == 0)
        {
            return null;
        }

        RefuseAnybody(keys, issuer, claims);
        return new IdentityRule(issuer, audience, claims, name ?? new Uri(issuer).Host);
    }

    /// <summary>What is plain HTTP could be anybody's word; on this machine a test may do so.</summary>
    internal static bool IsTrustworthy(Uri address) =>
        address.Scheme == Uri.UriSchemeHttps
        || (
            address.Scheme == Uri.UriSchemeHttp
            && IPAddress.TryParse(address.Host.Trim('[', ']'), out var ip)
            && IPAddress.IsLoopback(ip)
        );

    private static string? Issuer(MapReader keys)
    {
        if (keys.Text("issuer") is not { } text)
        {
            keys.Context.Mistake(
                keys.Node("issuer")?.Place ?? keys.Place,
                "\"issuer\" is missing; name who signs the tokens, such as https://token.actions.githubusercontent.com"
            );
            return null;
        }

        if (HttpAddress.TryParseBase(text, out var address) && IsTrustworthy(address))
        {
            return text;
        }

        keys.Context.Mistake(
            keys.Node("issuer")!.Place,
            "\"issuer\" must be an https address without a query, exactly as the tokens have it in \"iss\""
        );
        return null;
    }

    private static List<ClaimRule> Claims(MapReader keys)
    {
        var claims = new List<ClaimRule>();
        foreach (var (name, value) in keys.Entries("claims"))
        {
            var texts = Texts(value, name.Text, keys.Context);
            if (texts.Count > 0)
            {
                claims.Add(new ClaimRule(name.Text, texts));
            }
        }

        if (keys.Entries("claims").Count == 0)
        {
            keys.Context.Mistake(
                keys.Node("claims")?.Place ?? keys.Place,
                "\"claims\" is missing or empty, so any job of this issuer could deploy; name what it must be, "
                    + "such as {repository: acme/shop, ref: refs/heads/main}"
            );
        }

        return claims;
    }

    private static List<string> Texts(YamlNode value, string name, ReadingContext context)
    {
        var items = value is YamlList list ? list.Items : [value];
        var texts = new List<string>();
        foreach (var item in items.Take(MaximumTexts))
        {
            if (item is YamlText { Text.Length: > 0 } text)
            {
                if (Scalars.Interpolated(text, context) is { } filled)
                {
                    texts.Add(filled);
                }
            }
            else
            {
                context.Mistake(item.Place, $"the claim {Quote.Of(name)} must be a text, or a list of texts");
            }
        }

        if (items.Count is 0 or > MaximumTexts)
        {
            context.Mistake(value.Place, $"the claim {Quote.Of(name)} must have 1 to {MaximumTexts} texts");
        }

        return texts;
    }

    /// <summary>Everybody's jobs get tokens of such an issuer, with the audience that they ask for.</summary>
    private static void RefuseAnybody(MapReader keys, string issuer, List<ClaimRule> claims)
    {
        if (
            Public.GetValueOrDefault(issuer) is { } whose
            && !claims.Exists(claim => whose.Contains(claim.Name) && claim.Texts.All(NamesOwner))
        )
        {
            keys.Context.Mistake(
                keys.Node("claims")!.Place,
                $"anybody's job at {issuer} could have these claims; name whose it is by one of: {string.Join(", ", whose)}; a \"*\" may stand behind a \"/\" only"
            );
        }
    }

    /// <summary>Behind <c>acme*</c> could stand <c>acme-of-somebody-else</c>; behind <c>acme/*</c> only what is Acme's.</summary>
    private static bool NamesOwner(string text) =>
        text.IndexOf('*', StringComparison.Ordinal) is var star
        && (star < 0 || text[..star].Contains('/', StringComparison.Ordinal));
}
