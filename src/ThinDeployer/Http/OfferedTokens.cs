using System.Text;
using Microsoft.AspNetCore.Http;
using ThinDeployer.Identities;
using ThinDeployer.Security;

namespace ThinDeployer.Http;

/// <summary>
/// The tokens in the head of a request: every place where one may stand, for every endpoint. From here on a token is its
/// digest.
/// </summary>
internal static class OfferedTokens
{
    /// <summary>
    /// Null when a place comes twice: two readers of one request, such as a proxy and we, could each take another one.
    /// </summary>
    /// <param name="headers">Of the request.</param>
    /// <param name="query">Of the request.</param>
    /// <param name="tokenHeader">One more header that carries a token; null for none.</param>
    internal static List<byte[]>? Of(IHeaderDictionary headers, ArgumentCollection query, string? tokenHeader)
    {
        var header = headers["X-Auth-Token"];
        var authorization = headers.Authorization;
        var further = tokenHeader is null ? default : headers[tokenHeader];
        if (header.Count > 1 || authorization.Count > 1 || further.Count > 1 || query.TokenCount > 1)
        {
            return null;
        }

        var offered = new List<byte[]>(capacity: 1);
        Add(header is [{ } token] ? Encoding.UTF8.GetBytes(token) : null);
        Add(authorization is [{ } value] ? AuthorizationHeader.Token(value) : null);
        Add(further is [{ } other] ? Encoding.UTF8.GetBytes(other) : null);
        Add(query.Token);
        return offered;

        void Add(byte[]? one)
        {
            if (one is not null)
            {
                offered.Add(Secret.DigestOf(one));
            }
        }
    }

    /// <summary>Texts in the head that may be OpenID tokens. No CI sends one elsewhere, and in the query it would be logged.</summary>
    internal static IEnumerable<string> LikeIdentities(IHeaderDictionary headers)
    {
        string?[] places =
        [
            headers["X-Auth-Token"] is [{ } token] ? token : null,
            headers.Authorization is [{ } value] ? AuthorizationHeader.Bearer(value) : null,
        ];
        return places.OfType<string>().Where(IdentityToken.IsLike);
    }

    /// <summary>
    /// The one of a monitor: in <c>X-Auth-Token</c>, and only where there is none the password of Basic. Null where it
    /// comes twice, or there is none.
    /// </summary>
    internal static byte[]? OfMonitor(IHeaderDictionary headers) =>
        headers["X-Auth-Token"] is { Count: > 0 } header
            ? header is [{ } token]
                ? Encoding.UTF8.GetBytes(token)
                : null
            : headers.Authorization is [{ } value]
                ? AuthorizationHeader.BasicPassword(value)
                : null;

    /// <summary>Why what is offered admits to nothing: a code for the log.</summary>
    /// <param name="offered">Null where a place comes twice.</param>
    internal static string WhyRefused(List<byte[]>? offered) =>
        offered is null ? RefusalReason.TokenTwice
        : offered.Count == 0 ? RefusalReason.TokenMissing
        : RefusalReason.TokenMismatch;
}
