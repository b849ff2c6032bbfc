using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace ThinDeployer.Rules;

/// <summary>
/// Reads the JSON of a request strictly: what two readers could understand in two ways is refused. It is the body, or the
/// argument <c>payload</c> of a form, as GitHub and Gitea send it on demand.
/// </summary>
internal static class PayloadReader
{
    /// <summary>Levels.</summary>
    internal const int MaximumDepth = 64;

    /// <summary>Values, lists and objects. Each costs 12 bytes, however small it is.</summary>
    internal const int MaximumValues = 1_000_000;

    private static readonly JsonDocumentOptions Strict = new()
    {
        AllowDuplicateProperties = false,
        MaxDepth = MaximumDepth,
    };

    internal static Payload Read(RuleRequest request)
    {
        var types = request.Headers("Content-Type");
        if (types.Count > 1)
        {
            return new Payload.Broken("has more than one Content-Type");
        }

        var type = types is [var written] ? MediaType(written) : "";
        if (IsJson(type))
        {
            return Parse(request.Body.Span);
        }

        if (type is not ("application/x-www-form-urlencoded" or "multipart/form-data"))
        {
            return new Payload.None();
        }

        return request.Form(RuleRequest.PayloadArgument) switch
        {
            (0, _) => new Payload.None(),
            (1, var text) => Parse(Encoding.UTF8.GetBytes(text)),
            _ => new Payload.Broken("came more than once: the form has several \"payload\""),
        };
    }

    internal static Payload Parse(ReadOnlySpan<byte> json)
    {
        if (json.IsEmpty)
        {
            return new Payload.Broken("is empty");
        }

        if (!Utf8.IsValid(json))
        {
            return new Payload.Broken("is not valid UTF-8");
        }

        if (Fault(json) is { } fault)
        {
            return new Payload.Broken(fault);
        }

        try
        {
            return new Payload.Tree(JsonElement.Parse(json, Strict));
        }
        catch (JsonException)
        {
            // All else was looked at before.
            return new Payload.Broken("has a key twice in one object");
        }
    }

    private static bool IsJson(string mediaType) =>
        mediaType == "application/json"
        || (mediaType.Contains('/') && mediaType.EndsWith("+json", StringComparison.Ordinal));

    private static string MediaType(string header) => header.Split(';', 2)[0].Trim().ToLowerInvariant();

    /// <summary>Null when a tree may be made of it.</summary>
    private static string? Fault(ReadOnlySpan<byte> json)
    {
        // A level more than allowed, so that the level can be told from other faults.
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MaximumDepth + 1 });
        try
        {
            for (var values = 0; reader.Read(); )
            {
                if (IsOpening(reader.TokenType) && reader.CurrentDepth >= MaximumDepth)
                {
                    return $"has more than {MaximumDepth} levels";
                }

                if (
                    reader.TokenType is not (JsonTokenType.EndArray or JsonTokenType.EndObject)
                    && ++values > MaximumValues
                )
                {
                    return $"has more than {MaximumValues} values";
                }

                if (IsHalfCharacter(reader))
                {
                    return "has half a character (one surrogate of two) in a text";
                }
            }

            return null;
        }
        catch (JsonException exception)
        {
            return $"is no JSON (line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1})";
        }
    }

    private static bool IsOpening(JsonTokenType type) => type is JsonTokenType.StartArray or JsonTokenType.StartObject;

    /// <summary><c>"\ud800"</c> is JSON, and no text.</summary>
    private static bool IsHalfCharacter(Utf8JsonReader reader)
    {
        if (!reader.ValueIsEscaped)
        {
            return false;
        }

        try
        {
            _ = reader.GetString();
            return false;
        }
        catch (InvalidOperationException)
        {
            return true;
        }
    }
}
