namespace ThinDeployer.Http;

/// <summary>Parts of a path that lead up or nowhere (RFC 3986, section 5.2.4), which some take away before they look and others don't.</summary>
internal static class DotSegments
{
    /// <param name="target">A path, or one with a query or a fragment.</param>
    internal static bool AreIn(string target) =>
        target.AsSpan().ContainsAny('.', '%')
        && target
            .Split('?', '#')[0]
            .Split('/')
            .Any(segment => segment.Replace("%2e", ".", StringComparison.OrdinalIgnoreCase) is "." or "..");
}
