using Microsoft.AspNetCore.Http;
using ThinDeployer.Configuration;
using ThinDeployer.Deployments;
using ThinDeployer.Http;
using ThinDeployer.Machines;
using ThinDeployer.Security;

namespace ThinDeployer.Pages;

/// <summary>Brings who is let in to a page, by the one door, and who is not to where he can sign in.</summary>
/// <param name="enrolment">Tells whether there are machines.</param>
/// <param name="pathBase">Below which all paths are; empty for none.</param>
internal sealed class PageAccess(
    Door door,
    EngineRoom engine,
    CurrentConfiguration current,
    Changes changes,
    Enrolment enrolment,
    string pathBase,
    TimeProvider time
)
{
    private const string Refused =
        "The configuration has mistakes as it stands now; the last good one counts until they are gone";

    private const string Unusable = "The configuration has mistakes, so nothing can be deployed";

    internal string Root => pathBase + "/ui/";

    /// <param name="context">To answer.</param>
    /// <param name="arguments">Of the query, which the page looks at.</param>
    /// <param name="show">Shows the page.</param>
    /// <param name="takes">Whether it looks at a further argument, too; null for none.</param>
    internal async Task OpenAsync(
        HttpContext context,
        IReadOnlySet<string> arguments,
        Func<Visit, Task> show,
        Func<string, bool>? takes = null
    )
    {
        // Before anything of the page is looked up: what changes from now on is told by its stream.
        var change = changes.Count;
        var query = new ArgumentCollection(arguments, takes);
        UrlEncoded.ReadQuery(context.Request, query);
        if (ShowsNothing(context.Request, query))
        {
            await AskToSignInAsync(context);
            return;
        }

        var decision = await door.EnterAsync(context, query);
        if (decision is not GateAnswer.Admitted { Caller: var caller, SessionKey: var key })
        {
            await Refusals.AnswerAsync(context, decision);
            return;
        }

        if (caller.Services is { Count: 0 })
        {
            await Refusals.AnswerAsync(context, new GateAnswer.Lacks(Rights.Read, caller.Credential));
            return;
        }

        RequestNote.LetIn(context, caller.Credential);
        if (engine.Open is not { Desk: var desk })
        {
            await context.AnswerLaterAsync(engine.WhyClosed);
            return;
        }

        var configuration = current.Snapshot;
        await show(
            new Visit(
                context,
                desk,
                caller,
                query,
                configuration,
                FrameOf(caller, key, NoticesOf(configuration)),
                change,
                time.GetUtcNow()
            )
        );
    }

    /// <summary>Of a deployment that the caller may see.</summary>
    internal Task FindAsync(HttpContext context, string id, Func<Visit, SeenDeployment, Task> show) =>
        OpenAsync(
            context,
            NoArguments,
            visit =>
                visit.Desk.Find(id) is { } entry && visit.Caller.MaySee(entry.Service)
                    ? show(visit, visit.Desk.Now(entry))
                    : NothingPage.WriteAsync(visit, "There is no such deployment, or it is forgotten")
        );

    internal static IReadOnlySet<string> NoArguments { get; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>What stands around a page of nobody, or of somebody.</summary>
    /// <param name="caller">Null for nobody.</param>
    /// <param name="key">What a form or an action of this page is proven by; null where there is nothing to do.</param>
    /// <param name="notices">A sentence each.</param>
    internal Frame FrameOf(Caller? caller, string? key, IReadOnlyList<string> notices) =>
        new(Root, caller?.Credential, key is null ? null : Session.AntiforgeryOf(key), caller?.SeesAll == true, notices)
        {
            HasMachines = enrolment.IsOn,
        };

    private IReadOnlyList<string> NoticesOf(ConfigurationSnapshot configuration) =>
        !configuration.IsUsable ? [Unusable]
        : current.RefusedMistakes.Count > 0 ? [Refused]
        : [];

    /// <summary>Whether another site led here: then a cookie that the browser has is not sent.</summary>
    internal static bool IsForeignLink(HttpRequest request) =>
        request.Headers["Sec-Fetch-Site"].ToString() == "cross-site";

    /// <summary>Neither a token nor a session.</summary>
    private bool ShowsNothing(HttpRequest request, ArgumentCollection query) =>
        OfferedTokens.Of(request.Headers, query, tokenHeader: null) is [] && door.CallerOf(request) is null;

    /// <summary>
    /// A link in a chat or a mail leads here without the cookie, which no other site's link sends along. A page of ours that
    /// asks again at once has it.
    /// </summary>
    private Task AskToSignInAsync(HttpContext context)
    {
        if (IsForeignLink(context.Request))
        {
            return PageAnswer.AgainAsync(context);
        }

        if (!AcceptHeader.Prefers(context.Request, "text/html"))
        {
            return Refusals.AnswerAsync(context, new GateAnswer.Refused(RefusalReason.SessionEnded));
        }

        var wanted = context.Request.Path + context.Request.QueryString;
        return PageAnswer.GoAsync(
            context,
            wanted == Root ? Root + "sign-in" : $"{Root}sign-in?next={Uri.EscapeDataString(wanted)}"
        );
    }
}
