using System.Globalization;
using ThinDeployer.Yaml;

namespace ThinDeployer.Security;

/// <summary>Reads a service's <c>token</c> (a text, a list, or a map of name to token) and <c>token_file</c>.</summary>
internal static class TokenSetReader
{
    /// <summary>Bytes of a <c>token_file</c>.</summary>
    private const int MaximumFileBytes = 64 * 1024;

    private const int MinimumLength = 16;

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
            AddFile(tokens, service, context);
        }
        else if (node is null)
        {
            context.Mistake(
                service.Place,
                "no credential, so nobody could deploy it; give \"token\" or \"token_file\""
            );
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
            && AddParsed(tokens, name, value, text.Place, context) is { IsPlain: true }
        )
        {
            context.Secrets.Note(text, context.Service);
        }
    }

    private static void AddFile(List<Token> tokens, MapReader service, ReadingContext context)
    {
        var place = service.Node("token_file")!.Place;
        if (service.Path("token_file") is not { } path)
        {
            return;
        }

        var file = context.Problems.Sources.Read(path, MaximumFileBytes);
        if (file is not TextFileResult.Content(var text))
        {
            context.Mistake(place, $"\"token_file\" {Quote.Of(path)}: {((TextFileResult.Refused)file).Reason}");
            return;
        }

        var lines = text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (lines.Length == 0)
        {
            context.Mistake(place, $"\"token_file\" {Quote.Of(path)} holds no token; write one a line");
        }

        foreach (var line in lines)
        {
            if (AddParsed(tokens, name: null, line, place, context) is { IsPlain: true })
            {
                context.Secrets.Note(path, place, context.Service);
            }
        }
    }

    /// <summary>By the health check's own measure. One word of a token is enough.</summary>
    /// <returns>Whether there was a reason.</returns>
    private static bool WarnOfShort(Token token, bool isMasked, Place place, ReadingContext context)
    {
        var wanted = int.TryParse(
            context.Environment("HC_MIN_TOKEN_LENGTH"),
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var minimum
        )
            ? minimum
            : MinimumLength;
        if (token.Length is not { } length || length >= wanted)
        {
            return false;
        }

        var more = isMasked ? "" : ", and so few that it can't be masked in output";
        context.Warn(place, $"a token has fewer than {wanted} characters{more}; make one by: thin-deployer token new");
        return true;
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
        var isMasked = !new Secret(text).IsPartlyShown;
        var isWarnedOf = WarnOfShort(token, isMasked, place, context);
        if (token.IsPlain && (isMasked || !isWarnedOf))
        {
            context.MaskedTexts.Add(text, place);
        }

        return token;
    }
}
