using Microsoft.AspNetCore.Http;
using ThinDeployer.Security;

namespace ThinDeployer.Http;

/// <summary>
/// Whether a browser says that the page of another site sends a request. A link or a hidden form there can carry a
/// token that stands in an URL or in the form, or that the browser remembers (<c>Basic</c>), and nothing else of ours.
/// </summary>
internal static class ForeignSite
{
    /// <summary>Whether a token in the head is one that such a page could have sent. That of a form is looked at later.</summary>
    /// <param name="request">May be of a page.</param>
    /// <param name="query">Of the request.</param>
    internal static bool MayHaveSentToken(HttpRequest request, ArgumentCollection query) =>
        (query.TokenCount > 0 || request.Headers.Authorization.Any(AuthorizationHeader.IsBasic)) && Sends(request);

    /// <summary>By Fetch Metadata (w3.org/TR/fetch-metadata), which a page can't set, or by <c>Origin</c> (RFC 6454).</summary>
    /// <param name="request">May be of a page.</param>
    /// <param name="takesNull">
    /// Whether the origin <c>null</c> will do, because something else proves whose page it is: our own pages send it with a
    /// form, since they tell nobody where a reader comes from.
    /// </param>
    internal static bool Sends(HttpRequest request, bool takesNull = false)
    {
        foreach (var site in request.Headers["Sec-Fetch-Site"])
        {
            if (site?.Trim().Equals("cross-site", StringComparison.OrdinalIgnoreCase) == true)
            {
                return true;
            }
        }

        foreach (var origin in request.Headers.Origin)
        {
            if (
                !string.IsNullOrWhiteSpace(origin)
                && !(takesNull && origin.Trim() == "null")
                && !IsOurs(origin, request.Host)
            )
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// The schemes are not compared: a proxy takes off TLS. Where one leaves a port out, it is the usual of the origin's
    /// scheme. <c>null</c>, which a page without a site sends, is nobody's.
    /// </summary>
    private static bool IsOurs(string origin, HostString host) =>
        Uri.TryCreate(origin.Trim(), UriKind.Absolute, out var page)
        && host.HasValue
        && page.Host.Equals(host.Host, StringComparison.OrdinalIgnoreCase)
        && (host.Port is { } port ? page.Port == port : page.IsDefaultPort);
}
