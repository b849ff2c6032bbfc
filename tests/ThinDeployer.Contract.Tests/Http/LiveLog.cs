using System.Net.ServerSentEvents;
using System.Text;
using System.Text.Json;
using ThinDeployer.Contract.Tests.Hosting;

namespace ThinDeployer.Contract.Tests.Http;

/// <summary>An answer that is read while it grows: events, or text.</summary>
public sealed class LiveLog : IAsyncDisposable
{
    private readonly HttpResponseMessage _response;
    private readonly Stream _body;
    private readonly IAsyncEnumerator<SseItem<string>> _events;

    private LiveLog(HttpResponseMessage response, Stream body)
    {
        _response = response;
        _body = body;
        _events = SseParser.Create(body).EnumerateAsync().GetAsyncEnumerator();
    }

    public int Status => (int)_response.StatusCode;

    public string? Type => _response.Content.Headers.ContentType?.MediaType;

    public string? Header(string name) =>
        _response.Headers.TryGetValues(name, out var values) ? string.Join(", ", values) : null;

    internal static async Task<LiveLog> OpenAsync(HttpClient client, HttpRequestMessage request)
    {
        var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        return new LiveLog(response, await response.Content.ReadAsStreamAsync());
    }

    /// <summary>The next event; null when the stream has ended.</summary>
    public async Task<LogEvent?> NextAsync()
    {
        if (!await _events.MoveNextAsync().AsTask().WaitAsync(Eventually.Limit, TimeProvider.System))
        {
            return null;
        }

        var next = _events.Current;
        using var data = JsonDocument.Parse(next.Data);
        return new LogEvent(next.EventType, next.EventId, data.RootElement.Clone());
    }

    public async Task<IReadOnlyList<LogEvent>> AllAsync()
    {
        var all = new List<LogEvent>();
        while (await NextAsync() is { } next)
        {
            all.Add(next);
        }

        return all;
    }

    /// <summary>Reads events until their output holds a text.</summary>
    /// <returns>The output so far.</returns>
    public async Task<string> OutputUntilAsync(string text)
    {
        var output = "";
        while (!output.Contains(text, StringComparison.Ordinal) && await NextAsync() is { } next)
        {
            output += next.Text;
        }

        return output;
    }

    /// <summary>Reads the body as text, until it holds a text.</summary>
    /// <returns>The text so far.</returns>
    public async Task<string> TextUntilAsync(string text)
    {
        var read = new List<byte>();
        var buffer = new byte[4096];
        while (!Encoding.UTF8.GetString([.. read]).Contains(text, StringComparison.Ordinal))
        {
            var count = await _body.ReadAsync(buffer).AsTask().WaitAsync(Eventually.Limit, TimeProvider.System);
            Assert.True(count > 0, $"The text ended: {Encoding.UTF8.GetString([.. read])}");
            read.AddRange(buffer.AsSpan(0, count));
        }

        return Encoding.UTF8.GetString([.. read]);
    }

    /// <summary>Reads the body to its end.</summary>
    /// <returns>The text, and whether it ended as a whole one does, and not by a broken connection.</returns>
    public async Task<(string Text, bool IsWhole)> RestAsync()
    {
        using var read = new MemoryStream();
        try
        {
            await _body.CopyToAsync(read).WaitAsync(Eventually.Limit, TimeProvider.System);
            return (Encoding.UTF8.GetString(read.ToArray()), true);
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException)
        {
            return (Encoding.UTF8.GetString(read.ToArray()), false);
        }
    }

    /// <summary>Reads the rest, however much it is.</summary>
    /// <returns>Bytes.</returns>
    public async Task<long> CountAsync()
    {
        var (buffer, count) = (new byte[64 * 1024], 0L);
        while (await _body.ReadAsync(buffer) is > 0 and var read)
        {
            count += read;
        }

        return count;
    }

    public async ValueTask DisposeAsync()
    {
        await _events.DisposeAsync();
        await _body.DisposeAsync();
        _response.Dispose();
    }
}
