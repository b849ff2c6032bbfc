using System.Buffers;
using System.Text.Json;
using System.Text.Unicode;
using ThinDeployer.Yaml;

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

    /// <summary>Bytes.</summary>
    private const int LargestPooled = 1024 * 1024;

    /// <summary>Bytes that the parser needs for a value.</summary>
    private const int TokenSize = 12;

    /// <summary>Characters of a content type that is shown.</summary>
    private const int LongestType = 40;

    private static readonly JsonDocumentOptions Strict = new()
    {
        AllowDuplicateProperties = false,
        MaxDepth = MaximumDepth,
    };

    internal static ReadOnlySpan<byte> ByteOrderMark => "\uFEFF"u8;

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
            return Parse(request.Body);
        }

        if (type is not ("application/x-www-form-urlencoded" or "multipart/form-data"))
        {
            return NoneOf(request, type);
        }

        return request.Form(RuleRequest.PayloadArgument) switch
        {
            (0, _) => NoneOf(request, type),
            (1, var json) => Parse(json),
            _ => new Payload.Broken("came more than once: the form has several \"payload\""),
        };
    }

    /// <param name="json">Stays as it is: the tree refers to it.</param>
    internal static Payload Parse(ReadOnlyMemory<byte> json)
    {
        // Some senders written for .NET and PowerShell put one there; RFC 8259, section 8.1, lets a reader pass it over.
        if (json.Span.StartsWith(ByteOrderMark))
        {
            json = json[ByteOrderMark.Length..];
        }

        if (json.IsEmpty)
        {
            return new Payload.Broken("is empty");
        }

        if (!Utf8.IsValid(json.Span))
        {
            return new Payload.Broken("is not valid UTF-8");
        }

        if (Fault(json.Span) is { } fault)
        {
            return new Payload.Broken(fault);
        }

        try
        {
            return new Payload.Tree(TreeOf(json));
        }
        catch (JsonException)
        {
            // All else was looked at before.
            return new Payload.Broken("has a key twice in one object");
        }
    }

    /// <summary>
    /// Nothing is copied, and the document is never disposed of: what it has of the pool is garbage with it.
    /// </summary>
    private static JsonElement TreeOf(ReadOnlyMemory<byte> json)
    {
        var tree = JsonDocument.Parse(json, Strict).RootElement;
        if (json.Length > LargestPooled)
        {
            // To begin with, the parser had an array as large as the text, and gave it to the pool, where it would stay.
            _ = ArrayPool<byte>.Shared.Rent(json.Length + TokenSize);
        }

        return tree;
    }

    /// <summary>curl says of what <c>--data</c> sends that it is a form, and others that it is a text.</summary>
    private static Payload.None NoneOf(RuleRequest request, string type)
    {
        if (!LooksLikeJson(request.Body.Span))
        {
            return new Payload.None();
        }

        var given = type.Length is 0 or > LongestType ? "says something else, or nothing" : $"is {Quote.Of(type)}";
        return new Payload.None(
            $"the body does not count as JSON, because its Content-Type {given}: "
                + "send -H \"Content-Type: application/json\""
        );
    }

    internal static bool LooksLikeJson(ReadOnlySpan<byte> body)
    {
        var text = body.StartsWith(ByteOrderMark) ? body[ByteOrderMark.Length..] : body;
        return text.TrimStart(" \t\r\n"u8) is [(byte)'{' or (byte)'[', ..];
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

                if (reader.ValueIsEscaped && JsonText.HasHalfCharacter(reader.ValueSpan))
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
}
