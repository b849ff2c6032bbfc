using System.Text.Json;
using ThinDeployer.Contract.Tests.Hosting;
using ThinDeployer.Contract.Tests.Paging;

namespace ThinDeployer.Contract.Tests.Auditing;

/// <summary>What a server noted, for who may see it.</summary>
internal static class AuditReading
{
    private static readonly string[] Members = ["what", "who", "service", "deploymentId", "result", "reason"];

    /// <summary>Waits until so many entries are there.</summary>
    /// <param name="server">Which.</param>
    /// <param name="query">Which entries, such as <c>service=shop</c>.</param>
    /// <param name="count">So many, and no more.</param>
    /// <param name="token">Of who asks.</param>
    /// <returns>The oldest first.</returns>
    internal static async Task<List<JsonElement>> EntriesAsync(
        RunningServer server,
        string query,
        int count,
        string token = PageSession.ViewerToken
    )
    {
        List<JsonElement> entries = [];
        await Eventually.IsTrueAsync(
            async () =>
            {
                var answer = await AskAsync(server, query, token);
                entries = [.. answer.Json.GetProperty("audit").EnumerateArray().Reverse()];
                return entries.Count;
            },
            count,
            $"the audit has its entries of {query}: {string.Join('\n', entries)}"
        );
        return entries;
    }

    internal static Task<Http.Answer> AskAsync(RunningServer server, string query, string token) =>
        server.GetAsync($"/audit?{query}", ("X-Auth-Token", token));

    /// <summary>Members, with a dash for what is not there.</summary>
    internal static string Short(JsonElement entry) =>
        string.Join(' ', Members.Select(name => entry.TryGetProperty(name, out var member) ? member.GetString() : "-"));
}
