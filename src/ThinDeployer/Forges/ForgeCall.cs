using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ThinDeployer.Outbox;

namespace ThinDeployer.Forges;

/// <summary>Asks the API of a forge.</summary>
/// <param name="report">Where.</param>
/// <param name="token">Proves who asks.</param>
/// <param name="link">The page of the deployment; null where nobody knows the server's address.</param>
internal sealed class ForgeCall(ForgeReport report, string token, Uri? link, OutboxHttp http)
{
    /// <summary>Bytes of an answer; what is longer is passed over.</summary>
    private const int MaximumAnswer = 4 * 1024 * 1024;

    internal ForgeReport Report => report;

    internal Uri? Link => link;

    /// <summary>Adds the page of the deployment, where it is known.</summary>
    internal JsonObject WithLink(JsonObject status, string member)
    {
        if (link is not null)
        {
            status[member] = link.AbsoluteUri;
        }

        return status;
    }

    /// <summary>The repository, each part of its name escaped.</summary>
    internal string Repository => string.Join('/', report.Repository.Split('/').Select(Uri.EscapeDataString));

    /// <param name="method">POST, PUT or GET.</param>
    /// <param name="path">Below the API, escaped.</param>
    /// <param name="body">Null for none.</param>
    /// <param name="judge">Knows better what an answer means, by its status and JSON; null where it does not.</param>
    /// <param name="cancellationToken">Ends the try.</param>
    internal async Task<(Receipt Receipt, JsonNode? Answer)> SendAsync(
        HttpMethod method,
        string path,
        JsonObject? body,
        Func<int, JsonNode?, Receipt?>? judge,
        CancellationToken cancellationToken
    )
    {
        var request = new HttpRequestMessage(method, new Uri(report.Api, path));
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("thin-deployer", productVersion: null));
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        foreach (var (name, value) in report.Forge.Proof(token))
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        if (body is not null)
        {
            request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        }

        JsonNode? answer = null;
        var receipt = await http.SendAsync(
            request,
            async (response, end) =>
            {
                answer = await ReadAsync(response, end);
                return judge?.Invoke((int)response.StatusCode, answer);
            },
            cancellationToken
        );
        return (receipt, answer);
    }

    /// <summary>Null where it is no JSON, or too long.</summary>
    private static async Task<JsonNode?> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        using var kept = new MemoryStream();
        var piece = new byte[16 * 1024];
        while (await stream.ReadAsync(piece, cancellationToken) is > 0 and var count)
        {
            if (kept.Length + count > MaximumAnswer)
            {
                return null;
            }

            kept.Write(piece, 0, count);
        }

        try
        {
            return JsonNode.Parse(kept.GetBuffer().AsSpan(0, (int)kept.Length));
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
