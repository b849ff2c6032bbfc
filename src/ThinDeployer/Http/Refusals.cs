using Microsoft.AspNetCore.Http;
using ThinDeployer.Security;

namespace ThinDeployer.Http;

/// <summary>What who is not let in is told, whichever way he came.</summary>
internal static class Refusals
{
    /// <summary>To the letter of the original.</summary>
    private const string InvalidToken =
        "Invalid auth token, please verify the X-Auth-Token header value or \"token\" query parameter";

    private const string MayOnlySee = "This token may look, and do nothing";

    private const string NotOfThePage = "No page of this session asks for this; reload it";

    private const string SessionHasEnded = "The session has ended; sign in again";

    private const string OfForeignSite =
        "A token in the query, a form or by Basic is not taken from the page of another site; send it in a header";

    /// <summary>What is said of a right credential that may not do this.</summary>
    internal static string Lack(Rights right) => $"This token lacks the right \"{RightsReader.NamesOf(right)[0]}\"";

    /// <param name="context">To answer.</param>
    /// <param name="answer">Of the door; anything but a caller.</param>
    /// <param name="service">Null where the request names none.</param>
    /// <param name="invalid">What is said of a credential that opens nothing.</param>
    internal static Task AnswerAsync(
        HttpContext context,
        GateAnswer answer,
        string? service = null,
        string invalid = InvalidToken
    )
    {
        switch (answer)
        {
            case GateAnswer.Refused(var reason, var signed) refused:
                RequestNote.Refuse(context, reason, signed, refused.Detail);
                return context.AnswerAsync(
                    StatusCodes.Status403Forbidden,
                    reason switch
                    {
                        RefusalReason.ForeignSite => OfForeignSite,
                        RefusalReason.SessionEnded => SessionHasEnded,
                        RefusalReason.MayOnlySee => MayOnlySee,
                        RefusalReason.AntiforgeryMismatch => NotOfThePage,
                        // Whatever the reason is: else it would tell which services there are.
                        _ when SessionCookie.IsAloneWithoutProof(context.Request) => NotOfThePage,
                        _ => invalid,
                    },
                    service
                );
            case GateAnswer.Lacks(var right, var credential):
                RequestNote.LetIn(context, credential);
                RequestNote.Refuse(context, RefusalReason.RightMissing, signed: null);
                return context.AnswerAsync(StatusCodes.Status403Forbidden, Lack(right), service);
            case GateAnswer.Asked:
                // Not a failure: it is how a client asks for the way in (RFC 9110, section 11.6.1).
                RequestNote.Leave(context, RefusalReason.TokenMissing);
                context.Response.Headers.WWWAuthenticate = "Basic realm=\"Thin Deployer\"";
                return context.AnswerAsync(StatusCodes.Status401Unauthorized, "The health check needs a token");
            case GateAnswer.TooMany(var seconds):
                return context.AnswerTooManyAsync(seconds, service);
            case GateAnswer.BodyTooLarge(var limit):
                return context.AnswerAsync(
                    StatusCodes.Status413PayloadTooLarge,
                    $"The request's body is larger than {limit} bytes",
                    service
                );
            case GateAnswer.BodyTooSlow:
                return context.AnswerAsync(StatusCodes.Status408RequestTimeout, "The body took too long", service);
            case GateAnswer.NoRoom or GateAnswer.GaveWay:
                return context.AnswerLaterAsync("Too many bodies are being read", service);
            default:
                throw new InvalidOperationException("The door gave an answer that is not known.");
        }
    }
}
