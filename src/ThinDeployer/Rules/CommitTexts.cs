using System.Buffers;
using ThinDeployer.Yaml;

namespace ThinDeployer.Rules;

/// <summary>What of a commit's words may be shown to people, and be a link for them.</summary>
internal static class CommitTexts
{
    /// <summary>UTF-16 units. A longer one is no link: cut, it would lead elsewhere.</summary>
    internal const int LongestUrl = 1_024;

    /// <summary>What RFC 3986 knows, so that no viewer is tempted by quotes, brackets, blanks or other scripts.</summary>
    private static readonly SearchValues<char> OfUrls = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~:/?#[]@!$&'()*+,;=%"
    );

    /// <summary>The first line that is not blank, cut where it is long; null where there is none.</summary>
    internal static string? Subject(string message)
    {
        foreach (var line in message.AsSpan().EnumerateLines())
        {
            if (line.Trim() is { IsEmpty: false } subject)
            {
                return Excerpt.Cut(SenderFacts.Shown(subject));
            }
        }

        return null;
    }

    /// <summary>As written, if it is one of HTTP that names no user; else null.</summary>
    internal static string? Link(string? url) =>
        url is { Length: > 0 and <= LongestUrl }
        && !url.AsSpan().ContainsAnyExcept(OfUrls)
        && HttpAddress.TryParse(url, out var uri)
        && uri.UserInfo.Length == 0
        && uri.Host.Length > 0
            ? url
            : null;
}
