using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using ThinDeployer.Configuration;
using ThinDeployer.Security;

namespace ThinDeployer.Otlp;

/// <summary>
/// Where one kind of data is sent, by OTLP over HTTP (https://opentelemetry.io/docs/specs/otlp/#otlphttp). One that can't take it
/// is warned of once, and once more is told when it can again.
/// </summary>
/// <param name="what">What is sent, in a sentence.</param>
internal sealed partial class Collector(
    Uri address,
    string what,
    OtlpSettings settings,
    TimeProvider time,
    ILogger<Collector> logger
) : IDisposable
{
    /// <summary>Of an answer, which tells what was not taken.</summary>
    private const int LargestAnswer = 64 * 1024;

    /// <summary>UTF-16 units of what a collector says, in a line of the log.</summary>
    private const int LongestMessage = 200;

    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(5);

    // A redirect could lead what is sent, and its headers, to anywhere.
    private readonly HttpClient _client = new(
        new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            ActivityHeadersPropagator = null,
            PooledConnectionLifetime = ConnectionLifetime,
        }
    )
    {
        Timeout = Timeout.InfiniteTimeSpan,
        MaxResponseContentBufferSize = LargestAnswer,
    };

    private readonly SecretMask _mask = SecretMask.Of(settings.Secrets);
    private bool _isWarnedOf;
    private bool _isWarnedOfRejected;

    public void Dispose() => _client.Dispose();

    /// <summary>Sends it once. Not for two at a time.</summary>
    internal async Task<OtlpAnswer> SendAsync(ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        var answer = await TrySendAsync(body, cancellationToken);
        Tell(answer);
        return answer;
    }

    private async Task<OtlpAnswer> TrySendAsync(ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(settings.Timeout, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        using var request = new HttpRequestMessage(HttpMethod.Post, address);
        request.Content = new ReadOnlyMemoryContent(body);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        foreach (var (name, value) in settings.Headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        try
        {
            using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseContentRead, end.Token);
            return response.IsSuccessStatusCode
                ? Read(await response.Content.ReadAsByteArrayAsync(end.Token))
                : Failed(response);
        }
        catch (HttpRequestException exception)
        {
            var why =
                exception.HttpRequestError is HttpRequestError.Unknown
                    ? "can't be reached"
                    : $"can't be reached: {exception.HttpRequestError}";
            return new OtlpAnswer.TryAgain(why, After: null);
        }
        catch (OperationCanceledException)
        {
            return new OtlpAnswer.TryAgain("did not answer in time", After: null);
        }
#pragma warning disable CA1031 // One batch that can't be sent must not end the sending of all others.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            return new OtlpAnswer.Refused($"can't be asked: {exception.GetType().Name}");
        }
    }

    /// <summary>Which status codes may be tried again is said by the protocol.</summary>
    private OtlpAnswer Failed(HttpResponseMessage response)
    {
        var why = $"answered {(int)response.StatusCode}";
        return
            response.StatusCode
                is HttpStatusCode.TooManyRequests
                    or HttpStatusCode.BadGateway
                    or HttpStatusCode.ServiceUnavailable
                    or HttpStatusCode.GatewayTimeout
            ? new OtlpAnswer.TryAgain(why, After(response.Headers.RetryAfter))
            : new OtlpAnswer.Refused(why);
    }

    private TimeSpan? After(RetryConditionHeaderValue? header) =>
        header?.Delta ?? (header?.Date is { } date ? date - time.GetUtcNow() : null);

    private static OtlpAnswer.Taken Read(byte[] answer)
    {
        try
        {
            using var json = JsonDocument.Parse(answer);
            if (
                json.RootElement.ValueKind is not JsonValueKind.Object
                || !json.RootElement.TryGetProperty("partialSuccess", out var partial)
                || partial.ValueKind is not JsonValueKind.Object
            )
            {
                return new OtlpAnswer.Taken(0, Message: null);
            }

            var rejected = partial
                .EnumerateObject()
                .Where(one => one.Name.StartsWith("rejected", StringComparison.Ordinal))
                .Sum(one => Number(one.Value));
            var message = partial.TryGetProperty("errorMessage", out var text) ? text.ToString() : null;
            return new OtlpAnswer.Taken(rejected, message is { Length: > 0 } ? message : null);
        }
        catch (JsonException)
        {
            // It was taken, whatever stands there.
            return new OtlpAnswer.Taken(0, Message: null);
        }
    }

    private static long Number(JsonElement value) =>
        long.TryParse(value.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    private void Tell(OtlpAnswer answer)
    {
        switch (answer)
        {
            case OtlpAnswer.Taken taken:
                if (_isWarnedOf)
                {
                    _isWarnedOf = false;
                    Log.Back(logger, address.Authority, what);
                }

                if ((taken.Rejected > 0 || taken.Message is not null) && !_isWarnedOfRejected)
                {
                    _isWarnedOfRejected = true;
                    Log.Rejected(logger, address.Authority, taken.Rejected, what, Shown(taken.Message));
                }

                break;
            case OtlpAnswer.TryAgain(var why, _):
                Warn(why);
                break;
            case OtlpAnswer.Refused(var why):
                Warn(why);
                break;
        }
    }

    private void Warn(string why)
    {
        if (!_isWarnedOf)
        {
            _isWarnedOf = true;
            Log.Failed(logger, address.Authority, what, why);
        }
    }

    /// <summary>A collector may say again what it was sent.</summary>
    private string Shown(string? message)
    {
        if (message is null)
        {
            return "it does not say why";
        }

        message = _mask.Masked(message);
        return message.Length <= LongestMessage ? message : message[..LongestMessage] + "…";
    }

    private static partial class Log
    {
        [LoggerMessage(
            LogLevel.Warning,
            "The collector at {Address} does not take {What}: it {Reason}; this is told once, until it does"
        )]
        internal static partial void Failed(ILogger logger, string address, string what, string reason);

        [LoggerMessage(LogLevel.Information, "The collector at {Address} takes {What} again")]
        internal static partial void Back(ILogger logger, string address, string what);

        [LoggerMessage(
            LogLevel.Warning,
            "The collector at {Address} rejected {Count} of the {What} that it took: {Reason}; this is told once"
        )]
        internal static partial void Rejected(ILogger logger, string address, long count, string what, string reason);
    }
}
