using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using ThinDeployer.Output;

namespace ThinDeployer.Steps;

/// <summary>
/// Asks an address once, as anybody would: by a connection of its own, because an old one may lead to what ran before, and
/// without cookies, credentials and a proxy. TLS is checked by the system's authorities.
/// </summary>
internal static class UrlProbe
{
    /// <summary>Of a body, in bytes: what a text is looked for in.</summary>
    internal const int MostRead = 64 * 1024;

    /// <summary>Answers that lead elsewhere on the same host.</summary>
    private const int MostRedirects = 5;

    private const int HttpPort = 80;
    private const int HttpsPort = 443;

    /// <param name="check">What is wanted.</param>
    /// <param name="output">Is told of a good answer.</param>
    /// <param name="stop">Ends it.</param>
    internal static async Task<StepEnd> AskAsync(UrlCheck check, DeploymentOutput output, CancellationToken stop)
    {
        try
        {
            // What it has read ahead is dropped, and no connection outlives it.
            using var client = new HttpClient(
                new SocketsHttpHandler
                {
                    AllowAutoRedirect = false,
                    UseCookies = false,
                    UseProxy = false,
                    MaxResponseDrainSize = 0,
                }
            )
            {
                Timeout = Timeout.InfiniteTimeSpan,
            };
            if (await WhyNotAsync(client, check, stop) is { } why)
            {
                return StepEnd.Failed(why);
            }

            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"It answered {check.Status}"));
            return StepEnd.Good;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return StepEnd.Stopped;
        }
        catch (HttpRequestException exception)
        {
            return StepEnd.Failed(Reason(exception));
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            return StepEnd.Failed("it broke its answer off");
        }
    }

    /// <summary>Null where all is as it must be.</summary>
    private static async Task<string?> WhyNotAsync(HttpClient client, UrlCheck check, CancellationToken stop)
    {
        var address = check.Address;
        for (var redirects = 0; ; redirects++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            request.Headers.TryAddWithoutValidation("User-Agent", "thin-deployer");
            request.Headers.ConnectionClose = true;
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop);
            var status = (int)response.StatusCode;
            if (status == check.Status)
            {
                return check.Text is null || await HoldsAsync(response, check.Text, stop)
                    ? null
                    : string.Create(
                        CultureInfo.InvariantCulture,
                        $"it answered {status}, but the text that must be in it is not"
                    );
            }

            if (!IsRedirect(response.StatusCode) || response.Headers.Location is not { } location)
            {
                return string.Create(CultureInfo.InvariantCulture, $"it answered {status}, not {check.Status}");
            }

            var next = new Uri(address, location);
            if (!IsSameHost(address, next))
            {
                return string.Create(
                    CultureInfo.InvariantCulture,
                    $"it answered {status}, which leads to another host, and that is not followed"
                );
            }

            if (redirects == MostRedirects)
            {
                return string.Create(CultureInfo.InvariantCulture, $"it led on more than {MostRedirects} times");
            }

            address = next;
        }
    }

    private static bool IsRedirect(HttpStatusCode status) =>
        status
            is HttpStatusCode.MovedPermanently
                or HttpStatusCode.Found
                or HttpStatusCode.SeeOther
                or HttpStatusCode.TemporaryRedirect
                or HttpStatusCode.PermanentRedirect;

    /// <summary>The same place, or its usual one with TLS.</summary>
    private static bool IsSameHost(Uri from, Uri to) =>
        from.Host.Equals(to.Host, StringComparison.OrdinalIgnoreCase)
        && (
            (from.Scheme == to.Scheme && from.Port == to.Port)
            || (
                from.Scheme == Uri.UriSchemeHttp
                && to.Scheme == Uri.UriSchemeHttps
                && from.Port == HttpPort
                && to.Port == HttpsPort
            )
        );

    /// <summary>Looks no further than it must: a body may never end.</summary>
    private static async Task<bool> HoldsAsync(HttpResponseMessage response, string text, CancellationToken stop)
    {
        var wanted = Encoding.UTF8.GetBytes(text);
        var read = new byte[MostRead];
        var length = 0;
        await using var body = await response.Content.ReadAsStreamAsync(stop);
        while (length < read.Length)
        {
            var count = await body.ReadAsync(read.AsMemory(length), stop);
            if (count == 0)
            {
                return false;
            }

            // What was looked at is not looked at again, but for a beginning at its end.
            var from = Math.Max(0, length - wanted.Length);
            length += count;
            if (read.AsSpan(from, length - from).IndexOf(wanted) >= 0)
            {
                return true;
            }
        }

        return false;
    }

    private static string Reason(HttpRequestException exception) =>
        exception.HttpRequestError switch
        {
            HttpRequestError.NameResolutionError => "its name can't be resolved",
            HttpRequestError.ConnectionError
                when exception.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused } =>
                "nothing listens there",
            HttpRequestError.ConnectionError => "it can't be reached",
            HttpRequestError.SecureConnectionError => "TLS failed, or its certificate is not trusted",
            HttpRequestError.ResponseEnded => "it broke its answer off",
            HttpRequestError.InvalidResponse => "its answer is no valid HTTP",
            HttpRequestError.ConfigurationLimitExceeded => "the head of its answer is too large",
            _ when exception.InnerException is IOException => "it broke its answer off",
            _ => "it can't be asked",
        };
}
