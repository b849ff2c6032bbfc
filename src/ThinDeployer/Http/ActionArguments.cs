using Microsoft.AspNetCore.Http;

namespace ThinDeployer.Http;

/// <summary>What is said of an action, in the query or in a form, by who was let in.</summary>
internal sealed class ActionArguments
{
    /// <summary>Of a body, in bytes: a few short texts.</summary>
    private const int MaximumBody = 64 * 1024;

    private readonly DeployRequest _request;

    private ActionArguments(DeployRequest request) => _request = request;

    /// <summary>Null where it is not said.</summary>
    internal string? Find(string name) => _request.SingleArgument(name);

    /// <summary>
    /// Each may come once, and not empty, and no other: who misspells one, or has no value for it, must not get what is done
    /// without it.
    /// </summary>
    /// <param name="context">To answer where they can't be understood.</param>
    /// <param name="names">That have an effect.</param>
    /// <param name="service">Of which the action is.</param>
    /// <returns>Null where it was answered.</returns>
    internal static async Task<ActionArguments?> ReadAsync(
        HttpContext context,
        IReadOnlySet<string> names,
        string service
    )
    {
        var request = new DeployRequest(context.Request, MaximumBody, names);
        if (request.AnnouncesTooMuch || !await request.ReadBodyAsync(context.RequestAborted))
        {
            await Refusals.AnswerAsync(context, new GateAnswer.BodyTooLarge(MaximumBody), service);
            return null;
        }

        if (request.Body.Length > 0 && !request.HasForm)
        {
            await context.AnswerAsync(
                StatusCodes.Status415UnsupportedMediaType,
                "Say it in the query or in a form; another body is not read",
                service
            );
            return null;
        }

        if (Complaint(request, names) is { } complaint)
        {
            await context.AnswerAsync(StatusCodes.Status400BadRequest, complaint, service);
            return null;
        }

        return new ActionArguments(request);
    }

    private static string? Complaint(DeployRequest request, IReadOnlySet<string> names)
    {
        if (!request.Query.IsText || !request.Form.IsText || !request.Form.IsWellFormed)
        {
            return "The query or the form is not valid UTF-8, holds a NUL character, or is cut off";
        }

        if (request.Unused(names.Contains).FirstOrDefault() is { } other)
        {
            return $"There is no argument \"{other}\" here; there is: {string.Join(", ", names)}";
        }

        foreach (var name in names)
        {
            var count = request.Query.Find(name).Count + request.Form.Find(name).Count;
            if (count > 1)
            {
                return $"\"{name}\" is given more than once";
            }

            if (count == 1 && request.SingleArgument(name) is not { Length: > 0 })
            {
                return $"\"{name}\" is empty; leave it out, or say what is meant";
            }
        }

        return null;
    }
}
