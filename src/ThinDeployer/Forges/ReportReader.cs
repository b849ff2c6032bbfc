using ThinDeployer.Security;
using ThinDeployer.Yaml;

namespace ThinDeployer.Forges;

/// <summary>Reads <c>report</c>.</summary>
internal static class ReportReader
{
    /// <summary>Before the environment or the service, in the name of a status.</summary>
    private const string ContextPrefix = "thin-deployer/";

    private static readonly string[] Forges = [.. ForgeKinds.All.Select(forge => forge.Name)];

    /// <summary>Null where there is none, or it can't be used.</summary>
    /// <param name="service">All keys.</param>
    /// <param name="name">Of the service.</param>
    internal static ForgeReport? Read(MapReader service, string name) =>
        service.Map("report") is { } keys ? ReadKeys(keys, name) : null;

    internal static ForgeReport? ReadKeys(MapReader keys, string service)
    {
        var forge = ForgeOf(keys);
        var api = ApiOf(keys, forge);
        var token = TokenOf(keys);
        var repository = RepositoryOf(keys, forge);
        var environment = keys.Text("environment");
        var context = keys.Text("context") ?? ContextPrefix + (environment ?? service);
        keys.Finish();
        if (environment is not null && forge is { HasEnvironments: false })
        {
            keys.Context.Mistake(
                keys.Node("environment")!.Place,
                $"{forge.Name} knows no environments; its statuses can have a \"context\""
            );
            return null;
        }

        return forge is null || api is null || token is null || repository is null
            ? null
            : new ForgeReport(forge, api, token, repository, environment, context);
    }

    private static IForge? ForgeOf(MapReader keys)
    {
        var name = keys.OptionalChoice("forge", Forges);
        if (keys.Node("forge") is null or YamlText { Text.Length: 0 })
        {
            keys.Context.Mistake(
                keys.Node("forge")?.Place ?? keys.Place,
                $"\"forge\" is missing; name one of: {string.Join(", ", Forges)}"
            );
        }

        return ForgeKinds.All.FirstOrDefault(forge => forge.Name == name);
    }

    /// <summary>With a slash at its end, so that paths go below it.</summary>
    private static Uri? ApiOf(MapReader keys, IForge? forge)
    {
        var text = keys.Text("api");
        if (text is null && forge is { DefaultApi: null })
        {
            keys.Context.Mistake(keys.Place, $"\"api\" is missing; {forge.Name} has no address that all share");
            return null;
        }

        var address = text ?? forge?.DefaultApi;
        if (address is null)
        {
            return null;
        }

        if (HttpAddress.TryParseBase(address.TrimEnd('/') + "/", out var api))
        {
            return api;
        }

        keys.Context.Mistake(
            keys.Node("api")!.Place,
            "\"api\" must be an address that begins with http:// or https://, without a query"
        );
        return null;
    }

    private static KeptSecret? TokenOf(MapReader keys)
    {
        var token = KeptSecretReader.Read(keys, "token", "token_file");
        if (!token.IsGiven)
        {
            keys.Context.Mistake(keys.Place, "\"token\" is missing; give it, or a \"token_file\"");
        }

        return token.Secret;
    }

    private static string? RepositoryOf(MapReader keys, IForge? forge)
    {
        var text = keys.Text("repository");
        if (forge is null || (text is not null && forge.IsRepository(text)))
        {
            return text;
        }

        keys.Context.Mistake(
            keys.Node("repository")?.Place ?? keys.Place,
            $"\"repository\" must be {forge.RepositoryForm}"
        );
        return null;
    }
}
