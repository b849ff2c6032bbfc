using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ThinDeployer.Contract.Tests.Http;

/// <summary>A mail server on a free port, without encryption (RFC 5321); it keeps what comes.</summary>
internal sealed class MailReceiver : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, port: 0);
    private readonly ConcurrentQueue<string> _mails = new();
    private readonly CancellationTokenSource _end = new();
    private readonly string _answerToData;
    private Task _serving = Task.CompletedTask;

    private MailReceiver(string answerToData) => _answerToData = answerToData;

    internal int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Envelope and content, as they came.</summary>
    internal IReadOnlyCollection<string> Mails => _mails;

    /// <param name="answerToData">What it says once it has a mail.</param>
    internal static MailReceiver Start(string answerToData = "250 kept")
    {
        var receiver = new MailReceiver(answerToData);
        receiver._listener.Start();
        receiver._serving = receiver.ServeAsync();
        return receiver;
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Dispose();
        await _serving.ContinueWith(_ => { }, TaskScheduler.Default);
        _end.Dispose();
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            using var client = await _listener.AcceptTcpClientAsync(_end.Token);
            await ConverseAsync(client.GetStream());
        }
    }

    private async Task ConverseAsync(NetworkStream stream)
    {
        using var reader = new StreamReader(stream, Encoding.Latin1);
        await using var writer = new StreamWriter(stream, Encoding.Latin1) { NewLine = "\r\n", AutoFlush = true };
        await writer.WriteLineAsync("220 mail.example.org");
        var mail = new StringBuilder();
        while (await reader.ReadLineAsync(_end.Token) is { } line)
        {
            mail.AppendLine(line);
            if (line.StartsWith("EHLO", StringComparison.Ordinal))
            {
                await writer.WriteLineAsync("250 mail.example.org");
            }
            else if (line == "DATA")
            {
                await writer.WriteLineAsync("354 go on");
                while (await reader.ReadLineAsync(_end.Token) is { } text && text != ".")
                {
                    mail.AppendLine(text);
                }

                _mails.Enqueue(mail.ToString());
                await writer.WriteLineAsync(_answerToData);
            }
            else
            {
                await writer.WriteLineAsync(line == "QUIT" ? "221 bye" : "250 ok");
            }
        }
    }
}
