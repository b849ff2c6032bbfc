using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using ThinDeployer.Contract.Tests.Hosting;

namespace ThinDeployer.Contract.Tests.Http;

/// <summary>A connection on which any bytes can be sent, and HTTP/1.1 answers be read.</summary>
public sealed class RawHttp : IAsyncDisposable
{
    private readonly TcpClient _client;
    private readonly NetworkStream _stream;
    private readonly BufferedStream _answers;

    private RawHttp(TcpClient client)
    {
        _client = client;
        _stream = client.GetStream();
        _answers = new BufferedStream(_stream);
    }

    /// <param name="address">Of the server.</param>
    /// <param name="from">The client's own; null for any.</param>
    internal static async Task<RawHttp> ConnectAsync(Uri address, IPAddress? from = null)
    {
        var client = new TcpClient(new IPEndPoint(from ?? IPAddress.Any, port: 0)) { NoDelay = true };
        await client.ConnectAsync(address.Host, address.Port);
        return new RawHttp(client);
    }

    /// <summary>Sends a text, each character as one byte, with CR LF for each line end.</summary>
    public Task SendAsync(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return SendAsync(Encoding.Latin1.GetBytes(text.ReplaceLineEndings("\r\n")));
    }

    public Task SendAsync(ReadOnlyMemory<byte> bytes) => _stream.WriteAsync(bytes).AsTask();

    /// <summary>The next answer; fails when none comes in time.</summary>
    public Task<Answer> ReadAnswerAsync() => ReadWholeAsync().WaitAsync(Eventually.Limit, TimeProvider.System);

    /// <summary>All that comes until the server closes the connection, heads included.</summary>
    public async Task<string> ReadToEndAsync()
    {
        using var read = new StreamReader(_answers, Encoding.Latin1, leaveOpen: true);
        return await read.ReadToEndAsync().WaitAsync(Eventually.Limit, TimeProvider.System);
    }

    public async ValueTask DisposeAsync()
    {
        await _answers.DisposeAsync();
        _client.Dispose();
    }

    private async Task<Answer> ReadWholeAsync()
    {
        var status = int.Parse((await ReadLineAsync()).Split(' ')[1], CultureInfo.InvariantCulture);
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        while (await ReadLineAsync() is { Length: > 0 } line)
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            headers[line[..colon]] = line[(colon + 1)..].Trim();
        }

        return new Answer(status, headers, await ReadBodyAsync(headers));
    }

    private async Task<byte[]> ReadBodyAsync(Dictionary<string, string> headers)
    {
        if (headers.TryGetValue("Content-Length", out var length))
        {
            return await ReadBytesAsync(int.Parse(length, CultureInfo.InvariantCulture));
        }

        return headers.ContainsKey("Transfer-Encoding") ? await ReadChunksAsync() : [];
    }

    private async Task<byte[]> ReadChunksAsync()
    {
        using var body = new MemoryStream();
        while (
            int.Parse(await ReadLineAsync(), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)
                is > 0
                    and var size
        )
        {
            await body.WriteAsync(await ReadBytesAsync(size));
            await ReadLineAsync();
        }

        await ReadLineAsync();
        return body.ToArray();
    }

    private async Task<byte[]> ReadBytesAsync(int count)
    {
        var bytes = new byte[count];
        await _answers.ReadExactlyAsync(bytes);
        return bytes;
    }

    private async Task<string> ReadLineAsync()
    {
        var line = new StringBuilder();
        for (var next = new byte[1]; ; line.Append((char)next[0]))
        {
            await _answers.ReadExactlyAsync(next);
            if (next[0] == '\n')
            {
                return line.ToString().TrimEnd('\r');
            }
        }
    }
}
