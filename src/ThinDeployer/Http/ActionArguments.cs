using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace ThinDeployer.Http;

/// <summary>What a request for an action says: in its query, in a form, or as a JSON object.</summary>
internal static class ActionArguments
{
    /// <summary>Bytes.</summary>
    private const long MaximumBody = 64 * 1024;

    /// <summary>Of who is let in already.</summary>
    /// <param name="context">It is answered where what it says is not understood.</param>
    /// <param name="names">Those that there are; another one is refused, because it may be a misspelt one.</param>
    /// <returns>By name, without empty ones; null for what is answered already.</returns>
    internal static async Task<IReadOnlyDictionary<string, string>?> ReadAsync(
        HttpContext context,
        IReadOnlySet<string> names
    )
    {
        var request = new DeployRequest(context.Request, MaximumBody, names);
        if (request.AnnouncesTooMuch || request.IsCompressed || !await request.ReadBodyAsync(context.RequestAborted))
        {
            await context.AnswerAsync(
                StatusCodes.Status413PayloadTooLarge,
                $"The body is larger than {MaximumBody} bytes, or compressed"
            );
            return null;
        }

        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        var complaint =
            !request.Query.IsText || !request.Form.IsText ? "The arguments are not valid UTF-8, or hold a NUL character"
            : !request.Form.IsWellFormed ? "The form can't be taken apart"
            : request.HasForm || request.Body.IsEmpty ? ReadForm(request, names, values)
            : ReadJson(request.Body, names, values);
        if (complaint is null)
        {
            return values;
        }

        await context.AnswerAsync(StatusCodes.Status400BadRequest, complaint);
        return null;
    }

    private static string? ReadForm(
        DeployRequest request,
        IReadOnlySet<string> names,
        Dictionary<string, string> values
    )
    {
        foreach (var name in request.Unused(names.Contains))
        {
            return Unknown(name, names);
        }

        foreach (var name in names)
        {
            if (request.Query.Find(name).Count + request.Form.Find(name).Count > 1)
            {
                return $"\"{name}\" came twice";
            }

            if (request.SingleArgument(name) is { Length: > 0 } value)
            {
                values.Add(name, value);
            }
        }

        return null;
    }

    private static string? ReadJson(
        ReadOnlyMemory<byte> body,
        IReadOnlySet<string> names,
        Dictionary<string, string> values
    )
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            if (json.RootElement.ValueKind is not JsonValueKind.Object)
            {
                return "The body must be a JSON object, or a form";
            }

            foreach (var member in json.RootElement.EnumerateObject())
            {
                if (!names.Contains(member.Name))
                {
                    return Unknown(member.Name, names);
                }

                if (member.Value.ValueKind is not (JsonValueKind.String or JsonValueKind.Null))
                {
                    return $"\"{member.Name}\" must be a text";
                }

                if (member.Value.GetString() is { Length: > 0 } text && !values.TryAdd(member.Name, text))
                {
                    return $"\"{member.Name}\" came twice";
                }
            }

            return null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return "The body is neither a form nor valid JSON";
        }
    }

    private static string Unknown(string name, IReadOnlySet<string> names) =>
        $"There is no argument \"{name[..Math.Min(name.Length, 64)]}\"; known here: {string.Join(", ", names.Order())}";
}
