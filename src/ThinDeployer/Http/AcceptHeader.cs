using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace ThinDeployer.Http;

/// <summary>What form of an answer a client asks for (RFC 9110, section 12.5.1).</summary>
internal static class AcceptHeader
{
    /// <summary>Whether a type is named, and not refused by <c>q=0</c>. A wildcard names nothing.</summary>
    internal static bool Names(HttpRequest request, string type) =>
        Types(request).Any(accepted => Is(accepted, type) && Quality(accepted) > 0);

    /// <summary>
    /// Whether a type is named before any JSON of the same quality: clients that name everything they know, such as
    /// <c>application/json, text/plain, */*</c>, want JSON.
    /// </summary>
    internal static bool Prefers(HttpRequest request, string type) =>
        Types(request)
            .Where(accepted => Quality(accepted) > 0 && (Is(accepted, type) || Is(accepted, "application/json")))
            .OrderByDescending(Quality)
            .FirstOrDefault()
            is { } best
        && Is(best, type);

    private static IEnumerable<MediaTypeHeaderValue> Types(HttpRequest request) =>
        MediaTypeHeaderValue.TryParseList(NonEmpty(request.Headers.Accept), out var types) ? types : [];

    private static List<string> NonEmpty(StringValues values) => [.. values.OfType<string>()];

    private static bool Is(MediaTypeHeaderValue accepted, string type) =>
        accepted.MediaType.Equals(type, StringComparison.OrdinalIgnoreCase);

    private static double Quality(MediaTypeHeaderValue accepted) => accepted.Quality ?? 1;
}
