using System.Text.Json;

namespace ThinDeployer.Identities;

/// <summary>
/// Asks an issuer for its keys (OpenID Connect Discovery 1.0, section 4): first for its document, which says where they are.
/// </summary>
internal sealed class IssuerClient(TimeProvider time) : IDisposable
{
    /// <summary>Bytes of an answer. GitHub's keys have 6 KiB.</summary>
    internal const int LargestAnswer = 256 * 1024;

    /// <summary>Of one issuer.</summary>
    internal const int MaximumKeys = 100;

    /// <summary>For both answers together.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(5);

    // A redirect could lead to anybody's keys.
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

    public void Dispose() => _client.Dispose();

    /// <summary>Never throws but when it is cancelled.</summary>
    /// <param name="issuer">As the configuration names it.</param>
    /// <param name="cancellationToken">Ends the asking.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    internal async Task<IssuerAnswer> AskAsync(string issuer, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Limit, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            using var document = await GetAsync(
                new Uri(issuer.TrimEnd('/') + "/.well-known/openid-configuration"),
                end.Token
            );
            if (Text(document.RootElement, "issuer") != issuer)
            {
                return new IssuerAnswer.Failed("its document names another issuer");
            }

            if (
                !Uri.TryCreate(Text(document.RootElement, "jwks_uri"), UriKind.Absolute, out var place)
                || !IdentityReader.IsTrustworthy(place)
            )
            {
                return new IssuerAnswer.Failed("its document names no https address for its keys");
            }

            using var keys = await GetAsync(place, end.Token);
            return KeysIn(keys.RootElement);
        }
        catch (HttpRequestException exception)
        {
            return new IssuerAnswer.Failed(WhyOf(exception));
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or IOException)
        {
            return new IssuerAnswer.Failed("its answer is no JSON");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new IssuerAnswer.Failed("it did not answer in time");
        }
    }

    private async Task<JsonDocument> GetAsync(Uri address, CancellationToken cancellationToken)
    {
        using var response = await _client.GetAsync(address, cancellationToken);
        response.EnsureSuccessStatusCode();
        return JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(cancellationToken));
    }

    private static string WhyOf(HttpRequestException exception) =>
        exception.StatusCode is { } status ? $"it answered {(int)status}"
        : exception.HttpRequestError is HttpRequestError.ConfigurationLimitExceeded ? "its answer is too large"
        : exception.HttpRequestError is HttpRequestError.Unknown ? "it can't be reached"
        : $"it can't be reached: {exception.HttpRequestError}";

    private static IssuerAnswer KeysIn(JsonElement set)
    {
        if (
            set.ValueKind is not JsonValueKind.Object
            || !set.TryGetProperty("keys", out var list)
            || list.ValueKind is not JsonValueKind.Array
        )
        {
            return new IssuerAnswer.Failed("its answer holds no keys");
        }

        List<SigningKey> keys =
        [
            .. list.EnumerateArray().Take(MaximumKeys).Select(SigningKey.Read).OfType<SigningKey>(),
        ];
        return keys.Count > 0
            ? new IssuerAnswer.Keys(keys)
            : new IssuerAnswer.Failed("none of its keys can be used; RSA, P-256 and P-384 can");
    }

    private static string? Text(JsonElement from, string name) =>
        from.ValueKind is JsonValueKind.Object
        && from.TryGetProperty(name, out var value)
        && value.ValueKind is JsonValueKind.String
            ? value.GetString()
            : null;
}

/// <summary>What an issuer said of its keys.</summary>
internal abstract record IssuerAnswer
{
    private IssuerAnswer() { }

    /// <param name="All">At least one.</param>
    internal sealed record Keys(IReadOnlyList<SigningKey> All) : IssuerAnswer;

    /// <param name="Why">A sentence without its end.</param>
    internal sealed record Failed(string Why) : IssuerAnswer;
}
