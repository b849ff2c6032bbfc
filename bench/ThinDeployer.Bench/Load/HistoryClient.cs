using System.Text.Json;
using ThinDeployer.Bench.Programs;

namespace ThinDeployer.Bench.Load;

/// <summary>Deploys, and reads the history, where nothing is timed.</summary>
internal sealed class HistoryClient : IDisposable
{
    private const int PageSize = 200;

    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(50);

    private readonly HttpClient _client;

    internal HistoryClient(RunningServer server) =>
        _client = new HttpClient { BaseAddress = new Uri(server.UrlOf("/")) };

    /// <returns>The id.</returns>
    internal async Task<string> DeployAsync(string service, CancellationToken cancellationToken)
    {
        var answer = await AskAsync(HttpMethod.Post, $"/deploy/{service}", Services.Token, cancellationToken);
        return answer.GetProperty("id").GetString()!;
    }

    /// <summary>Waits until nothing of a service waits or runs any more.</summary>
    internal async Task AllEndedAsync(string service, CancellationToken cancellationToken)
    {
        while (
            (await PageAsync(service, "queued", before: null, 1, cancellationToken)).Count
                + (await PageAsync(service, "running", before: null, 1, cancellationToken)).Count
            > 0
        )
        {
            await Task.Delay(LookInterval, TimeProvider.System, cancellationToken);
        }
    }

    /// <summary>How many the history has of a status.</summary>
    internal async Task<int> CountAsync(string service, string status, CancellationToken cancellationToken)
    {
        var total = 0;
        string? before = null;
        while (true)
        {
            var page = await PageAsync(service, status, before, PageSize, cancellationToken);
            total += page.Count;
            if (page.Count < PageSize)
            {
                return total;
            }

            before = page[^1];
        }
    }

    public void Dispose() => _client.Dispose();

    private async Task<IReadOnlyList<string>> PageAsync(
        string service,
        string status,
        string? before,
        int limit,
        CancellationToken cancellationToken
    )
    {
        var path = $"/deployments?service={service}&status={status}&limit={limit}";
        path += before is null ? "" : $"&before={before}";
        var answer = await AskAsync(HttpMethod.Get, path, Services.AdminToken, cancellationToken);
        return
        [
            .. answer.GetProperty("deployments").EnumerateArray().Select(each => each.GetProperty("id").GetString()!),
        ];
    }

    private async Task<JsonElement> AskAsync(
        HttpMethod method,
        string path,
        string token,
        CancellationToken cancellationToken
    )
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        request.Headers.Add("X-Auth-Token", token);
        using var response = await _client.SendAsync(request, cancellationToken);
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        return response.IsSuccessStatusCode
            ? JsonElement.Parse(text)
            : throw new BenchFaultException($"{method} {path}: {(int)response.StatusCode} {text}");
    }
}
