using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using ThinDeployer.Outbox;

namespace ThinDeployer.Forges;

/// <summary>
/// Bitbucket Cloud: the build status of a commit. The same key overwrites, so that a repeat does no harm
/// (developer.atlassian.com/cloud/bitbucket/rest/api-group-commit-statuses).
/// </summary>
internal sealed class BitbucketForge : IForge
{
    /// <summary>Of a key, in characters (BCLOUD-23984).</summary>
    internal const int LongestKey = 40;

    public string Name => "bitbucket";

    public string DefaultApi => "https://api.bitbucket.org/2.0";

    public string RepositoryForm => "workspace/name";

    public IEnumerable<KeyValuePair<string, string>> Proof(string token) => [new("Authorization", $"Bearer {token}")];

    public async Task<Receipt> TellAsync(ForgeNews news, ForgeCall call, CancellationToken cancellationToken)
    {
        var status = new JsonObject
        {
            ["key"] = KeyOf(call.Report.Context),
            ["state"] = news.State switch
            {
                ForgeState.Waiting or ForgeState.Running => "INPROGRESS",
                ForgeState.Succeeded => "SUCCESSFUL",
                ForgeState.Cancelled => "STOPPED",
                _ => "FAILED",
            },
            ["name"] = call.Report.Context,
            ["description"] = news.Description,

            // It must be there.
            ["url"] = call.Link?.AbsoluteUri ?? $"https://bitbucket.org/{call.Repository}/commits/{news.Commit}",
        };
        var path = $"repositories/{call.Repository}/commit/{news.Commit}/statuses/build";
        return (await call.SendAsync(HttpMethod.Post, path, status, judge: null, cancellationToken)).Receipt;
    }

    /// <summary>A long one is told by its digest.</summary>
    internal static string KeyOf(string context) =>
        context.Length <= LongestKey
            ? context
            : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(context)))[..LongestKey];
}
