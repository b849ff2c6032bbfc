using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace ThinDeployer.Http;

/// <summary>What is said of an action, in the query, in a form or as a JSON object, by who was let in.</summary>
internal sealed class ActionArguments
{
    /// <summary>Of a body, in bytes: a few short texts.</summary>
    private const int MaximumBody = 64 * 1024;

    private const int LongestShown = 64;

    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    private ActionArguments() { }

    /// <summary>Null where it is not said.</summary>
    internal string? Find(string name) => _values.GetValueOrDefault(name);

    /// <summary>
    /// Each may come once, and not empty, and no other: who misspells one, or has no value for it, must not get what is done
    /// without it.
    /// </summary>
    /// <param name="context">To answer where they can't be understood.</param>
    /// <param name="names">That have an effect.</param>
    /// <param name="service">Of which the action is; null for none.</param>
    /// <returns>Null where it was answered.</returns>
    internal static async Task<ActionArguments?> ReadAsync(
        HttpContext context,
        IReadOnlySet<string> names,
        string? service
    )
    {
        var request = new DeployRequest(context.Request, MaximumBody, names);
        if (request.AnnouncesTooMuch || !await request.ReadBodyAsync(context.RequestAborted))
        {
            await Refusals.AnswerAsync(context, new GateAnswer.BodyTooLarge(MaximumBody), service);
            return null;
        }

        var arguments = new ActionArguments();
        if (arguments.Take(request, names) is { } complaint)
        {
            await context.AnswerAsync(StatusCodes.Status400BadRequest, complaint, service);
            return null;
        }

        return arguments;
    }

    /// <returns>What is wrong; null where nothing is.</returns>
    private string? Take(DeployRequest request, IReadOnlySet<string> names)
    {
        if (!request.Query.IsText || !request.Form.IsText || !request.Form.IsWellFormed)
        {
            return "The query or the form is not valid UTF-8, holds a NUL character, or is cut off";
        }

        if (request.Unused(names.Contains).FirstOrDefault() is { } other)
        {
            return Unknown(other, names);
        }

        foreach (var name in names)
        {
            var (inQuery, inForm) = (request.Query.Find(name), request.Form.Find(name));
            for (var i = 0; i < inQuery.Count + inForm.Count; i++)
            {
                if (Add(name, inQuery.Count > 0 ? inQuery.First : inForm.First) is { } complaint)
                {
                    return complaint;
                }
            }
        }

        return request.Body.Length > 0 && !request.HasForm ? TakeJson(request.Body, names) : null;
    }

    private string? TakeJson(ReadOnlyMemory<byte> body, IReadOnlySet<string> names)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            foreach (var member in json.RootElement.EnumerateObject())
            {
                var complaint =
                    !names.Contains(member.Name) ? Unknown(member.Name, names)
                    : member.Value.ValueKind is not JsonValueKind.String ? $"\"{member.Name}\" must be a text"
                    : Add(member.Name, member.Value.GetString()!);
                if (complaint is not null)
                {
                    return complaint;
                }
            }

            return null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return "The body must be a form, or a JSON object of texts";
        }
    }

    private string? Add(string name, string value) =>
        value.Length == 0 ? $"\"{name}\" is empty; leave it out, or say what is meant"
        : _values.TryAdd(name, value) ? null
        : $"\"{name}\" is given more than once";

    private static string Unknown(string name, IReadOnlySet<string> names) =>
        $"There is no argument \"{name[..Math.Min(name.Length, LongestShown)]}\" here; there is: "
        + string.Join(", ", names);
}
