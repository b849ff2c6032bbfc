using AspNetCoreGeneratedDocument;
using Microsoft.AspNetCore.Http;
using ThinDeployer.Audit;
using ThinDeployer.Http;
using ThinDeployer.Security;

namespace ThinDeployer.Pages;

/// <summary><c>/ui/sign-in</c> and <c>/ui/sign-out</c>: a token against a session.</summary>
/// <param name="pathBase">Below which all paths are; empty for none.</param>
internal sealed class SignInPage(PageAccess access, Door door, Sessions sessions, AuditTrail audit, string pathBase)
    : IRouteGroup
{
    /// <summary>Bytes of a form that holds a token and a path.</summary>
    private const int MaximumForm = 16 * 1024;

    private static readonly HashSet<string> Arguments = new(StringComparer.Ordinal)
    {
        "next",
        SessionCookie.AntiforgeryArgument,
    };

    public IReadOnlyList<RouteEntry> Routes =>
        [
            new("ui/sign-in", ["GET", "POST"], (context, _) => HandleAsync(context)),
            new("ui/sign-out", ["POST"], (context, _) => EndAsync(context)),
        ];

    private Task HandleAsync(HttpContext context)
    {
        var form = new DeployRequest(context.Request, MaximumForm, Arguments);
        return HttpMethods.IsPost(context.Request.Method) ? BeginAsync(context, form)
            // A new cookie would take the place of one that only was not sent, and so end the session.
            : PageAccess.IsForeignLink(context.Request) ? PageAnswer.AgainAsync(context)
            : ShowAsync(context, new SignInForm(NextOf(form.Query), Complaint: null));
    }

    private async Task BeginAsync(HttpContext context, DeployRequest form)
    {
        var (decision, digest) = await door.SignInAsync(context, form);
        if (form.IsUnread)
        {
            // The rest of such a body is not worth a connection.
            context.Response.Headers.Connection = "close";
        }

        var next = NextOf(form.Form);
        switch (decision)
        {
            case GateAnswer.Admitted(var caller) when caller.Services is { Count: 0 }:
                RequestNote.LetIn(context, caller.Credential);
                RequestNote.Refuse(context, RefusalReason.RightMissing, signed: null);
                await ShowAsync(
                    context,
                    new SignInForm(next, Refusals.Lack(Rights.Read) + ", so there is nothing that it may see."),
                    StatusCodes.Status403Forbidden
                );
                break;
            case GateAnswer.Admitted(var caller):
                RequestNote.LetIn(context, caller.Credential);
                audit.Note(context, caller.Credential, AuditAction.SignIn, service: null);
                EndThis(context);
                SessionCookie.Give(context, sessions.Begin(digest!), pathBase);
                await PageAnswer.GoAsync(context, next);
                break;
            case GateAnswer.Refused(var reason, _)
                when reason is RefusalReason.TokenMismatch or RefusalReason.TokenExpired:
                RequestNote.Refuse(context, reason, signed: null);
                await ShowAsync(
                    context,
                    new SignInForm(next, "No token of this server is written so."),
                    StatusCodes.Status403Forbidden
                );
                break;
            case GateAnswer.Refused(var reason, _) when reason == RefusalReason.AntiforgeryMismatch:
                RequestNote.Refuse(context, reason, signed: null);
                await ShowAsync(
                    context,
                    new SignInForm(next, "That form was an old one, or the browser keeps no cookies here; try again."),
                    StatusCodes.Status403Forbidden
                );
                break;
            case GateAnswer.TooMany(var seconds):
                RequestNote.Leave(context, RefusalReason.TooManyFailures);
                context.Response.Headers.RetryAfter = seconds.ToString(
                    System.Globalization.CultureInfo.InvariantCulture
                );
                await ShowAsync(
                    context,
                    new SignInForm(next, $"Too many failed attempts; try again in {seconds} s."),
                    StatusCodes.Status429TooManyRequests
                );
                break;
            default:
                await Refusals.AnswerAsync(context, decision);
                break;
        }
    }

    /// <summary>Only a page of ours knows the proof, so no other site can end a session. One that opens nothing needs none.</summary>
    private async Task EndAsync(HttpContext context)
    {
        var form = new DeployRequest(context.Request, MaximumForm, Arguments);
        var caller = door.CallerOf(context.Request);
        if (
            !ForeignSite.Sends(context.Request, takesNull: true)
            && (caller is null || (await form.ReadBodyAsync(context.RequestAborted) && SessionCookie.IsProven(form)))
        )
        {
            if (caller is not null)
            {
                audit.Note(context, caller.Credential, AuditAction.SignOut, service: null);
            }

            EndThis(context);
            SessionCookie.Take(context, pathBase);
            await PageAnswer.GoAsync(context, access.Root + "sign-in");
            return;
        }

        await Refusals.AnswerAsync(context, new GateAnswer.Refused(RefusalReason.AntiforgeryMismatch));
    }

    private void EndThis(HttpContext context)
    {
        foreach (var key in SessionCookie.KeysIn(context.Request))
        {
            sessions.End(key);
        }
    }

    private Task ShowAsync(HttpContext context, SignInForm form, int status = StatusCodes.Status200OK)
    {
        // No session: it only proves that the form comes from this page, in this browser.
        var key = SessionCookie.KeysIn(context.Request).FirstOrDefault() ?? Session.NewKey();
        SessionCookie.Give(context, key, pathBase);
        var frame = access.FrameOf(caller: null, key, notices: []) with { Title = "Sign in" };
        return PageAnswer.WriteAsync(
            context,
            new Pages_Templates_SignIn { Model = new SignInModel(frame, form) },
            status
        );
    }

    /// <summary>Only a page of ours: a link must not lead through the sign-in to somewhere else.</summary>
    private string NextOf(ArgumentCollection arguments) =>
        arguments.Find("next") is (1, var next)
        && next.StartsWith(access.Root, StringComparison.Ordinal)
        && next.All(character => character is > ' ' and < '\u007f' and not '\\')
        && !DotSegments.AreIn(next)
        && !next.StartsWith(access.Root + "sign-", StringComparison.Ordinal)
            ? next
            : access.Root;
}

/// <param name="Next">Where to go then.</param>
/// <param name="Complaint">Null where nothing was wrong.</param>
internal sealed record SignInForm(string Next, string? Complaint);

internal sealed record SignInModel(Frame Frame, SignInForm Form) : IPageModel;
