using Microsoft.AspNetCore.Http;
using ThinDeployer.Security;

namespace ThinDeployer.Http;

/// <summary>
/// The cookie that carries the key of a session, and when it counts. <c>SameSite=Strict</c>: no other site's page or link
/// sends it along (draft-ietf-httpbis-rfc6265bis).
/// </summary>
internal static class SessionCookie
{
    /// <summary>Carries the proof that a page of ours sends an action.</summary>
    internal const string AntiforgeryHeader = "X-Antiforgery";

    /// <summary>The same of a form.</summary>
    internal const string AntiforgeryArgument = "antiforgery";

    private const string Name = "thin-deployer";

    /// <summary>A browser takes a cookie of such a name only over TLS, and not from another host or path.</summary>
    private const string HostName = "__Host-" + Name;

    /// <summary>The same for one that has a path.</summary>
    private const string SecureName = "__Secure-" + Name;

    /// <summary>
    /// Those that a browser sends, at most one under each name: an old one stays where the server is reached otherwise
    /// than before. Under TLS the plain name does not count, which anybody on a way without TLS could have set.
    /// </summary>
    internal static IEnumerable<string> KeysIn(HttpRequest request)
    {
        var cookies = request.Cookies;
        string?[] keys = [cookies[HostName], cookies[SecureName], IsKnownSecure(request) ? null : cookies[Name]];
        return keys.OfType<string>();
    }

    internal static bool IsIn(HttpRequest request) => KeysIn(request).Any();

    /// <summary>Whether it decides over an action, which no link and no form of another site can ask for.</summary>
    internal static bool DecidesAction(HttpRequest request) =>
        HttpMethods.IsPost(request.Method) && HasAntiforgery(request) && IsIn(request);

    /// <summary>Whether it is all that is shown for an action, and no page of ours asks for that.</summary>
    internal static bool IsAloneWithoutProof(HttpRequest request) =>
        HttpMethods.IsPost(request.Method)
        && !HasAntiforgery(request)
        && !request.Headers.ContainsKey("X-Auth-Token")
        && request.Headers.Authorization.Count == 0
        && IsIn(request);

    /// <summary>Whether what would be done is meant by a page of this session.</summary>
    internal static bool IsMeant(HttpRequest request, string key) =>
        HttpMethods.IsGet(request.Method) || Session.IsAntiforgery(key, request.Headers[AntiforgeryHeader].ToString());

    /// <summary>Whether a form comes from a page that was given to this very browser.</summary>
    /// <param name="form">Read, with the argument <see cref="AntiforgeryArgument"/>.</param>
    internal static bool IsProven(DeployRequest form) =>
        form.Form.Find(AntiforgeryArgument) is (1, var proof)
        && KeysIn(form.Head).Any(key => Session.IsAntiforgery(key, proof));

    /// <summary>Gives a browser the key.</summary>
    /// <param name="context">To answer.</param>
    /// <param name="key">Of a session.</param>
    /// <param name="pathBase">Below which all paths are; empty for none.</param>
    internal static void Give(HttpContext context, string key, string pathBase)
    {
        var isSecure = IsSecure(context.Request);
        context.Response.Cookies.Append(NameOf(isSecure, pathBase), key, Options(isSecure, pathBase));
    }

    /// <summary>Takes it away, under each name.</summary>
    internal static void Take(HttpContext context, string pathBase)
    {
        foreach (var name in (string[])[HostName, SecureName, Name])
        {
            if (context.Request.Cookies.ContainsKey(name))
            {
                context.Response.Cookies.Delete(name, Options(name != Name, name == HostName ? "" : pathBase));
            }
        }
    }

    private static bool HasAntiforgery(HttpRequest request) => request.Headers.ContainsKey(AntiforgeryHeader);

    /// <summary>Whether the browser speaks TLS, with us or with a proxy. Who says so wrongly harms nobody but himself.</summary>
    private static bool IsSecure(HttpRequest request) =>
        IsKnownSecure(request)
        || request.Headers.Origin.ToString().StartsWith("https://", StringComparison.OrdinalIgnoreCase);

    /// <summary>The same, as each request of a browser tells it: an origin comes with some only.</summary>
    private static bool IsKnownSecure(HttpRequest request) =>
        request.IsHttps
        || request.Headers["X-Forwarded-Proto"].ToString().Equals("https", StringComparison.OrdinalIgnoreCase);

    private static string NameOf(bool isSecure, string pathBase) =>
        !isSecure ? Name
        : pathBase.Length == 0 ? HostName
        : SecureName;

    /// <summary>Without a time: it goes with the browser, and is forgotten here before.</summary>
    private static CookieOptions Options(bool isSecure, string pathBase) =>
        new()
        {
            HttpOnly = true,
            SameSite = SameSiteMode.Strict,
            Secure = isSecure,
            Path = pathBase.Length == 0 ? "/" : pathBase,
        };
}
