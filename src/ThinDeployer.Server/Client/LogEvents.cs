using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace ThinDeployer.Server.Client;

/// <summary>An event of a deployment's output.</summary>
/// <param name="Type"><c>output</c>, <c>step</c> or <c>end</c>.</param>
internal sealed record LogEvent(string Type, JsonElement Data);

/// <summary>
/// Follows a deployment's output to its end, whatever happens to the connection or the server meanwhile: what was seen last is
/// where it goes on.
/// </summary>
/// <param name="patience">How long the server may be away.</param>
/// <param name="tell">Hears of lost connections.</param>
internal sealed class LogEvents(ServerConnection server, string id, TimeSpan patience, Action<string> tell)
{
    /// <summary>The server gives a sign every 15 s.</summary>
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(45);
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(10);

    private readonly TimeProvider _time = TimeProvider.System;
    private string? _last;

    /// <exception cref="ClientFailure">The server refuses, or stays away.</exception>
    internal async IAsyncEnumerable<LogEvent> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var lostAt = _time.GetTimestamp();
        var delay = FirstDelay;
        while (true)
        {
            string lost;
            await using (var stream = new Connection(server, id, _last, cancellationToken))
            {
                while (await stream.NextAsync() is { } item)
                {
                    lostAt = _time.GetTimestamp();
                    delay = FirstDelay;
                    _last = item.EventId ?? _last;
                    yield return new LogEvent(item.EventType, Parsed(item.Data));
                    if (item.EventType == "end")
                    {
                        yield break;
                    }
                }

                lost = stream.WhyLost;
            }

            if (_time.GetElapsedTime(lostAt) > patience)
            {
                throw ClientFailure.NotReached($"lost deployment {id}: {lost}; it may still run");
            }

            tell($"Connection lost ({lost}); coming back in {delay.TotalSeconds:0.#} s");
            await Task.Delay(delay, _time, cancellationToken);
            delay = delay * 2 < LongestDelay ? delay * 2 : LongestDelay;
        }
    }

    private static JsonElement Parsed(string data)
    {
        using var document = JsonDocument.Parse(data);
        return document.RootElement.Clone();
    }

    /// <summary>One connection, as far as it goes.</summary>
    private sealed class Connection(
        ServerConnection server,
        string id,
        string? last,
        CancellationToken cancellationToken
    ) : IAsyncDisposable
    {
        private HttpResponseMessage? _response;
        private IAsyncEnumerator<SseItem<string>>? _items;

        internal string WhyLost { get; private set; } = "the server closed it";

        /// <summary>Null when the connection is lost.</summary>
        internal async Task<SseItem<string>?> NextAsync()
        {
            try
            {
                _items ??= await OpenAsync();
                return _items is not null && await _items.MoveNextAsync() ? _items.Current : null;
            }
            catch (Exception exception) when (ServerConnection.IsLostConnection(exception, cancellationToken))
            {
                WhyLost = ServerConnection.Reason(exception);
                return null;
            }
        }

        public async ValueTask DisposeAsync()
        {
            if (_items is not null)
            {
                await _items.DisposeAsync();
            }

            _response?.Dispose();
        }

        /// <summary>Null where the server, or a proxy, has a trouble that may pass.</summary>
        private async Task<IAsyncEnumerator<SseItem<string>>?> OpenAsync()
        {
            (string, string)[] headers = [("Accept", "text/event-stream")];
            using var limit = new CancellationTokenSource(LongestSilence, TimeProvider.System);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
            _response = await server.OpenAsync(
                HttpMethod.Get,
                $"deployments/{Uri.EscapeDataString(id)}/log",
                content: null,
                either.Token,
                last is null ? headers : [.. headers, ("Last-Event-ID", last)]
            );
            if ((int)_response.StatusCode is 429 or >= 500)
            {
                WhyLost = $"the server answers {(int)_response.StatusCode}";
                return null;
            }

            if (_response.Content.Headers.ContentType?.MediaType != "text/event-stream")
            {
                throw ClientFailure.Refused((await ServerAnswer.ReadAsync(_response, either.Token)).Sentence);
            }

            var body = await _response.Content.ReadAsStreamAsync(cancellationToken);
            var alive = new AttentiveStream(body, LongestSilence);
            return SseParser.Create(alive).EnumerateAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
        }
    }
}
