using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace ThinDeployer.Contract.Tests.Http;

/// <summary>
/// A mail server on a free port (RFC 5321), with STARTTLS (RFC 3207), TLS from the start, and logins (RFC 4954) as a test
/// says; it keeps what comes.
/// </summary>
internal sealed class MailReceiver : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, port: 0);
    private readonly ConcurrentQueue<string> _mails = new();
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly CancellationTokenSource _end = new();
    private readonly Task _serving;

    private MailReceiver(MailManner manner)
    {
        Manner = manner;
        _listener.Start();
        _serving = ServeAsync();
    }

    internal int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>May change between two connections.</summary>
    internal MailManner Manner { get; set; }

    /// <summary>Envelope and content, as they came.</summary>
    internal IReadOnlyCollection<string> Mails => _mails;

    /// <summary>All that was said to it.</summary>
    internal IReadOnlyCollection<string> Lines => _lines;

    internal static MailReceiver Start(MailManner? manner = null) => new(manner ?? new MailManner());

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
            try
            {
                await TakeAsync(client.GetStream());
            }
            catch (Exception exception) when (exception is IOException or AuthenticationException)
            {
                // The other side went, or wants no such certificate.
            }
        }
    }

    private async Task TakeAsync(NetworkStream stream)
    {
        if (Manner is { Certificate: { } certificate, HasTlsFromTheStart: true })
        {
            await using var tls = await ShakeAsync(stream, certificate);
            await ConverseAsync(tls, greets: true);
        }
        else if (await ConverseAsync(stream, greets: true))
        {
            await using var tls = await ShakeAsync(stream, Manner.Certificate!);
            await ConverseAsync(tls, greets: false);
        }
    }

    private async Task<SslStream> ShakeAsync(NetworkStream stream, X509Certificate2 certificate)
    {
        var tls = new SslStream(stream);
        await tls.AuthenticateAsServerAsync(
            new SslServerAuthenticationOptions { ServerCertificate = certificate },
            _end.Token
        );
        return tls;
    }

    /// <returns>Whether the other side goes on by TLS.</returns>
    private async Task<bool> ConverseAsync(Stream stream, bool greets)
    {
        using var reader = new StreamReader(stream, Encoding.Latin1, false, 1024, leaveOpen: true);
        await using var writer = new StreamWriter(stream, Encoding.Latin1, 1024, leaveOpen: true)
        {
            NewLine = "\r\n",
            AutoFlush = true,
        };
        if (greets)
        {
            await writer.WriteLineAsync("220 mail.example.org");
        }

        var mail = new StringBuilder();
        while (await reader.ReadLineAsync(_end.Token) is { } line)
        {
            _lines.Enqueue(line);
            mail.AppendLine(line);
            if (line == "DATA")
            {
                await writer.WriteLineAsync("354 go on");
                while (await reader.ReadLineAsync(_end.Token) is { } text && text != ".")
                {
                    mail.AppendLine(text);
                }

                _mails.Enqueue(mail.ToString());
            }

            await writer.WriteLineAsync(AnswerTo(line, stream is SslStream));
            if (line == "STARTTLS" && Manner.Certificate is not null)
            {
                return true;
            }
        }

        return false;
    }

    private string AnswerTo(string line, bool isSafe) =>
        line.Split(' ')[0] switch
        {
            "EHLO" => "250-mail.example.org\r\n"
                + (Manner.Certificate is null || isSafe ? "" : "250-STARTTLS\r\n")
                + (Manner.TakesLogins ? "250-AUTH PLAIN\r\n" : "")
                + "250 SIZE 1000000",
            "AUTH" => Manner.AnswerToLogin,
            "DATA" => Manner.AnswerToData,
            "STARTTLS" => "220 go on",
            "QUIT" => "221 bye",
            _ => "250 ok",
        };
}

/// <summary>How a mail server is.</summary>
internal sealed record MailManner
{
    /// <summary>What it says once it has a mail.</summary>
    internal string AnswerToData { get; init; } = "250 kept";

    /// <summary>What it says once it has a name and a password.</summary>
    internal string AnswerToLogin { get; init; } = "235 welcome";

    /// <summary>It offers logins with and without TLS, as one that is set up badly.</summary>
    internal bool TakesLogins { get; init; }

    /// <summary>Null for one that knows no TLS.</summary>
    internal X509Certificate2? Certificate { get; init; }

    internal bool HasTlsFromTheStart { get; init; }
}
