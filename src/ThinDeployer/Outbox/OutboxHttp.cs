using System.Globalization;
using System.Net;

namespace ThinDeployer.Outbox;

/// <summary>Sends requests and says what became of them.</summary>
internal sealed class OutboxHttp(TimeProvider time) : IDisposable
{
    /// <summary>For a whole answer's head.</summary>
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(10);

    private const string BrokenOff = "it broke off before it had answered";

    // A redirect could lead a message, with all its output, to anywhere.
    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <param name="request">It is disposed of.</param>
    /// <param name="judge">Knows better what an answer means; null where it does not.</param>
    /// <param name="cancellationToken">Ends the try.</param>
    internal async Task<Receipt> SendAsync(
        HttpRequestMessage request,
        Func<HttpResponseMessage, CancellationToken, Task<Receipt?>>? judge,
        CancellationToken cancellationToken
    )
    {
        using var limit = new CancellationTokenSource(AnswerLimit, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            using (request)
            using (var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, end.Token))
            {
                return (judge is null ? null : await judge(response, end.Token)) ?? ReceiptOf(response);
            }
        }
        catch (HttpRequestException exception)
        {
            return new Receipt.Later(Trouble(exception));
        }
        catch (IOException)
        {
            return new Receipt.Later(BrokenOff);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new Receipt.Later("it did not answer in time");
        }
    }

    public void Dispose() => _client.Dispose();

    /// <summary>What the runtime tells of no kind but as a fault of the connection came after that was made.</summary>
    private static string Trouble(HttpRequestException exception) =>
        exception.HttpRequestError switch
        {
            HttpRequestError.NameResolutionError => "its name leads nowhere",
            HttpRequestError.SecureConnectionError => "its certificate is not trusted, or it speaks no TLS there",
            HttpRequestError.ResponseEnded => BrokenOff,
            HttpRequestError.InvalidResponse => "what it answers is no HTTP",
            HttpRequestError.ConfigurationLimitExceeded => "its answer is too long",
            HttpRequestError.ProxyTunnelError => "the proxy on the way there refuses",
            HttpRequestError.Unknown when exception.InnerException is IOException => BrokenOff,
            _ => "it can't be reached",
        };

    private Receipt ReceiptOf(HttpResponseMessage response)
    {
        var status = (int)response.StatusCode;
        var why = string.Create(CultureInfo.InvariantCulture, $"it answered {status}");
        return status switch
        {
            >= 200 and < 300 => new Receipt.Taken(),
            408 or 429 or >= 500 => new Receipt.Later(why, AskedFor(response)),

            // How GitHub says that a limit is reached (docs.github.com, "Rate limits for the REST API").
            403 when AskedFor(response) is { } after => new Receipt.Later(why, after),
            >= 300 and < 400 => new Receipt.Refused($"{why}, and redirects are not followed"),
            _ => new Receipt.Refused(why),
        };
    }

    /// <summary>By <c>Retry-After</c> in either form (RFC 9110, section 10.2.3), else by GitHub's headers.</summary>
    private TimeSpan? AskedFor(HttpResponseMessage response)
    {
        if (response.Headers.RetryAfter is { } retry)
        {
            return retry.Delta ?? (retry.Date - time.GetUtcNow());
        }

        return Header(response, "x-ratelimit-remaining") == "0"
            && long.TryParse(
                Header(response, "x-ratelimit-reset"),
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out var seconds
            )
            && seconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds()
                ? DateTimeOffset.FromUnixTimeSeconds(seconds) - time.GetUtcNow()
            : response.StatusCode is HttpStatusCode.Forbidden && Header(response, "x-ratelimit-remaining") == "0"
                ? Backoff.Longest
            : null;
    }

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;
}
