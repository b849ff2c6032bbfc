using ThinDeployer.Yaml;

namespace ThinDeployer.Security;

/// <summary>Reads a service's <c>token</c> (a text, a list, or a map of name to token, which may say what it may) and <c>token_file</c>.</summary>
internal static class TokenSetReader
{
    private const string WrongShape =
        "\"token\" must be a text, a list of texts, or a map of name to text or to {value, may, until}";
    private const string EmptyToken = "a token is empty; an empty token would admit nobody";

    internal static TokenSet Read(MapReader service)
    {
        var context = service.Context;
        var tokens = new List<Token>();
        var node = service.Node("token");
        switch (node)
        {
            case null:
                break;
            case YamlText text:
                Add(tokens, Plain, text, context);
                break;
            case YamlList { Items.Count: > 0 } list:
                foreach (var item in list.Items)
                {
                    AddNode(tokens, Plain, item, context);
                }

                break;
            case YamlMap { Entries.Count: > 0 } map:
                foreach (var entry in map.Entries)
                {
                    AddNamed(tokens, entry.Key.Text, entry.Value, context);
                }

                break;
            default:
                context.Mistake(node.Place, "\"token\" is empty; give at least one token");
                break;
        }

        if (service.Has("token_file"))
        {
            AddFile(tokens, Plain, service, "token_file");
        }

        return new TokenSet(tokens);
    }

    private static TokenTraits Plain { get; } = new(Name: null);

    private static void AddNamed(List<Token> tokens, string name, YamlNode node, ReadingContext context)
    {
        if (node is YamlMap map)
        {
            var keys = new MapReader(map, context);
            var (given, traits) = ReadKeys(keys, name);
            AddGiven(tokens, traits, given, keys);
        }
        else
        {
            AddNode(tokens, new TokenTraits(name), node, context);
        }
    }

    /// <summary>The key that gives a token, if exactly one does; and what else is said of it.</summary>
    internal static (string? Given, TokenTraits Traits) ReadKeys(MapReader keys, string name)
    {
        var (hasValue, hasFile) = (keys.Has("value"), keys.Has("file"));
        var traits = new TokenTraits(name) { May = RightsReader.Read(keys), Until = TokenEnd.Read(keys, name) };
        keys.Finish();
        if (hasValue == hasFile)
        {
            keys.Context.Mistake(
                hasFile ? keys.Node("file")!.Place : keys.Place,
                hasFile
                    ? "give \"value\" or \"file\", not both"
                    : $"the token {Quote.Of(name)} is missing; give \"value\" or \"file\""
            );
            return (null, traits);
        }

        return (hasValue ? "value" : "file", traits);
    }

    private static void AddGiven(List<Token> tokens, TokenTraits traits, string? given, MapReader keys)
    {
        if (given == "file")
        {
            AddFile(tokens, traits, keys, "file");
        }
        else if (given is not null)
        {
            AddNode(tokens, traits, keys.Node(given)!, keys.Context);
        }
    }

    private static void AddNode(List<Token> tokens, TokenTraits traits, YamlNode node, ReadingContext context)
    {
        if (node is YamlText text)
        {
            Add(tokens, traits, text, context);
        }
        else
        {
            context.Mistake(node.Place, WrongShape);
        }
    }

    private static void Add(List<Token> tokens, TokenTraits traits, YamlText text, ReadingContext context)
    {
        if (
            Scalars.Interpolated(text, context) is { } value
            && AddParsed(tokens, traits, SecretLines.WithoutLineEnd(value), text.Place, context) is { IsPlain: true }
        )
        {
            context.Secrets.Note(text, context.Service, isToken: true);
        }
    }

    private static void AddFile(List<Token> tokens, TokenTraits traits, MapReader keys, string key)
    {
        if (SecretLines.OfFile(keys, key, "token") is not var (path, lines))
        {
            return;
        }

        var context = keys.Context;
        var place = keys.Node(key)!.Place;
        foreach (var line in lines)
        {
            if (AddParsed(tokens, traits, line, place, context) is { IsPlain: true })
            {
                context.Secrets.Note(path, place, context.Service, isToken: true);
            }
        }
    }

    private static Token? AddParsed(
        List<Token> tokens,
        TokenTraits traits,
        string text,
        Place place,
        ReadingContext context
    )
    {
        if (Token.Parse(traits.Name, text) is not { } token)
        {
            var message = text.Length == 0 ? EmptyToken : "\"sha256:\" must be followed by 64 hexadecimal digits";
            context.Mistake(place, message);
            return null;
        }

        tokens.Add(token with { May = traits.May, Until = traits.Until });
        if (token.IsPlain)
        {
            SecretLines.Note(text, "a token", "make one by: thin-deployer token new", place, context);
        }

        return token;
    }
}

/// <summary>What a configuration says of a token.</summary>
/// <param name="Name">Null where it has none.</param>
internal sealed record TokenTraits(string? Name)
{
    internal Rights May { get; init; } = Rights.Default;

    /// <summary>Null for no end.</summary>
    internal DateTimeOffset? Until { get; init; }
}
