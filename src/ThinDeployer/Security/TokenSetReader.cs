using ThinDeployer.Yaml;

namespace ThinDeployer.Security;

/// <summary>Reads a service's <c>token</c> (a text, a list, or a map of name to token) and <c>token_file</c>.</summary>
internal static class TokenSetReader
{
    private const string WrongShape = "\"token\" must be a text, a list of texts, or a map of name to text";
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
                Add(tokens, name: null, text, context);
                break;
            case YamlList { Items.Count: > 0 } list:
                foreach (var item in list.Items)
                {
                    AddNode(tokens, name: null, item, context);
                }

                break;
            case YamlMap { Entries.Count: > 0 } map:
                foreach (var entry in map.Entries)
                {
                    AddNode(tokens, entry.Key.Text, entry.Value, context);
                }

                break;
            default:
                context.Mistake(node.Place, "\"token\" is empty; give at least one token");
                break;
        }

        if (service.Has("token_file"))
        {
            AddFile(tokens, service);
        }

        return new TokenSet(tokens);
    }

    private static void AddNode(List<Token> tokens, string? name, YamlNode node, ReadingContext context)
    {
        if (node is YamlText text)
        {
            Add(tokens, name, text, context);
        }
        else
        {
            context.Mistake(node.Place, WrongShape);
        }
    }

    private static void Add(List<Token> tokens, string? name, YamlText text, ReadingContext context)
    {
        if (
            Scalars.Interpolated(text, context) is { } value
            && AddParsed(tokens, name, SecretLines.WithoutLineEnd(value), text.Place, context) is { IsPlain: true }
        )
        {
            context.Secrets.Note(text, context.Service, isToken: true);
        }
    }

    private static void AddFile(List<Token> tokens, MapReader service)
    {
        if (SecretLines.OfFile(service, "token_file", "token") is not var (path, lines))
        {
            return;
        }

        var context = service.Context;
        var place = service.Node("token_file")!.Place;
        foreach (var line in lines)
        {
            if (AddParsed(tokens, name: null, line, place, context) is { IsPlain: true })
            {
                context.Secrets.Note(path, place, context.Service, isToken: true);
            }
        }
    }

    private static Token? AddParsed(List<Token> tokens, string? name, string text, Place place, ReadingContext context)
    {
        if (Token.Parse(name, text) is not { } token)
        {
            var message = text.Length == 0 ? EmptyToken : "\"sha256:\" must be followed by 64 hexadecimal digits";
            context.Mistake(place, message);
            return null;
        }

        tokens.Add(token);
        if (token.IsPlain)
        {
            SecretLines.Note(text, "a token", "make one by: thin-deployer token new", place, context);
        }

        return token;
    }
}
