namespace ThinDeployer.Server.Client;

/// <summary>What is asked of a path.</summary>
internal static class QueryText
{
    /// <param name="path">Without a query.</param>
    /// <param name="query">Names, and values; one without a value is left out.</param>
    internal static string Of(string path, params IEnumerable<(string Name, string? Value)> query)
    {
        var written = string.Join(
            '&',
            query
                .Where(pair => pair.Value is not null)
                .Select(pair => $"{pair.Name}={Uri.EscapeDataString(pair.Value!)}")
        );
        return written.Length == 0 ? path : $"{path}?{written}";
    }
}
