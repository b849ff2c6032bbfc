using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using System.Text.Json;

namespace ThinDeployer.Server.Client;

/// <summary>Speaks to a server, and turns what goes wrong into sentences.</summary>
internal sealed class ServerConnection : IDisposable
{
    /// <summary>For a connection, and for an answer that is not an output.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private const string NoTls = "it does not speak TLS, or none that this machine knows; is it an http:// address?";

    private readonly ClientSettings _settings;
    private readonly ServerCertificate _certificate = new();
    private readonly HttpClient _client;

    internal ServerConnection(ClientSettings settings)
    {
        _settings = settings;
        _client = new HttpClient(
            new SocketsHttpHandler
            {
                // A redirect would carry the token to another place.
                AllowAutoRedirect = false,
                UseCookies = false,
                ConnectTimeout = Patience,
                RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8,
                UseProxy = settings.Socket is null,
                Proxy = new EnvironmentProxy(HttpClient.DefaultProxy, Environment.GetEnvironmentVariable),
                ConnectCallback = settings.Socket is { } path
                    ? (_, cancel) => ConnectAsync(new UnixDomainSocketEndPoint(path), cancel)
                    : null,
                SslOptions = { RemoteCertificateValidationCallback = _certificate.IsGood },
            }
        )
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
        if (settings.Server.Scheme == Uri.UriSchemeHttp && !settings.Server.IsLoopback)
        {
            Console.Error.WriteLine($"Warning: the token travels unencrypted to {settings.Server}; use https");
        }
    }

    private Uri Server => _settings.Server;

    /// <summary>For a person.</summary>
    internal string ServerName => _settings.ServerName;

    /// <summary>Sends a request once, and reads its answer.</summary>
    /// <exception cref="ClientFailure">As <see cref="OpenAsync"/>.</exception>
    internal async Task<ServerAnswer> SendAsync(
        HttpMethod method,
        string path,
        HttpContent? content,
        CancellationToken cancellationToken,
        params (string Name, string Value)[] headers
    )
    {
        using var limit = new CancellationTokenSource(Patience, TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        using var response = await OpenAsync(method, path, content, either.Token, headers);
        return await ServerAnswer.ReadAsync(response, either.Token);
    }

    /// <summary>Sends a request once; the answer is read by the caller.</summary>
    /// <exception cref="ClientFailure">Who answers can't be trusted, or speaks no TLS. That does not pass.</exception>
    internal async Task<HttpResponseMessage> OpenAsync(
        HttpMethod method,
        string path,
        HttpContent? content,
        CancellationToken cancellationToken,
        params (string Name, string Value)[] headers
    )
    {
        var request = new HttpRequestMessage(method, new Uri(Server, path)) { Content = content };
        request.Headers.TryAddWithoutValidation("X-Auth-Token", _settings.Token);
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        try
        {
            return await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        }
        catch (HttpRequestException exception)
            when (exception.HttpRequestError is HttpRequestError.SecureConnectionError
                && exception.InnerException is AuthenticationException
            )
        {
            throw ClientFailure.NotReached($"{ServerName} was not reached safely: {_certificate.Fault ?? NoTls}");
        }
    }

    /// <summary>Straight to an address or a Unix socket, whatever a URL says.</summary>
    internal static async ValueTask<Stream> ConnectAsync(EndPoint end, CancellationToken cancellationToken)
    {
        var socket = new Socket(
            end.AddressFamily,
            SocketType.Stream,
            end.AddressFamily is AddressFamily.Unix ? ProtocolType.Unspecified : ProtocolType.Tcp
        );
        try
        {
            await socket.ConnectAsync(end, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public void Dispose() => _client.Dispose();

    /// <summary>Whether the connection failed, and not the caller wanted the end.</summary>
    internal static bool IsLostConnection(Exception exception, CancellationToken cancellationToken) =>
        !cancellationToken.IsCancellationRequested
        && exception is HttpRequestException or IOException or OperationCanceledException or TimeoutException;

    /// <summary>Whether no connection came about, so that the server can't have seen the request.</summary>
    internal static bool WasNotSent(Exception exception) =>
        exception
            is HttpRequestException
            {
                HttpRequestError: HttpRequestError.ConnectionError
                    or HttpRequestError.NameResolutionError
                    or HttpRequestError.ProxyTunnelError
            };

    /// <summary>As the end of a sentence. Only the innermost exception tells; the outer ones point to it.</summary>
    internal static string Reason(Exception exception) =>
        (exception, exception.GetBaseException()) switch
        {
            (OperationCanceledException or TimeoutException, _) => "it does not answer",
            (_, SocketException socket) => socket.Message,
            (HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError }, _) => NoTls,
            (HttpRequestException { HttpRequestError: HttpRequestError.ResponseEnded }, _) =>
                "it closed the connection without an answer; is it an https:// address?",
            (HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse }, _) =>
                "its answer is no HTTP; is it an https:// address?",
            (_, var inner) => inner.Message.TrimEnd('.'),
        };
}

/// <summary>An answer, read to its end.</summary>
internal sealed record ServerAnswer(int Status, TimeSpan? RetryAfter, string Text)
{
    internal bool IsGood => Status is >= 200 and < 300;

    /// <summary>What the server says, for a person.</summary>
    internal string Sentence => $"{Member("message") ?? "the server gave no reason"} ({Status})";

    /// <summary>A text in the JSON of the answer; null where there is none.</summary>
    internal string? Member(string name)
    {
        try
        {
            using var document = JsonDocument.Parse(Text);
            return
                document.RootElement is { ValueKind: JsonValueKind.Object } root
                && root.TryGetProperty(name, out var member)
                && member.ValueKind is JsonValueKind.String
                ? member.GetString()
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The JSON of a good answer.</summary>
    /// <param name="members">That it must have.</param>
    /// <exception cref="ClientFailure">The server refused, or is none of ours.</exception>
    internal JsonElement Json(params string[] members)
    {
        if (!IsGood)
        {
            throw ClientFailure.Refused(Sentence);
        }

        try
        {
            using var document = JsonDocument.Parse(Text);
            return
                document.RootElement is { ValueKind: JsonValueKind.Object } root
                && members.All(member => root.TryGetProperty(member, out _))
                ? root.Clone()
                : throw NotOurs();
        }
        catch (JsonException)
        {
            throw NotOurs();
        }
    }

    internal ClientFailure NotOurs() =>
        ClientFailure.Refused($"the answer is not what a Thin Deployer says ({Status})");

    internal static async Task<ServerAnswer> ReadAsync(
        HttpResponseMessage response,
        CancellationToken cancellationToken
    ) =>
        new(
            (int)response.StatusCode,
            response.Headers.RetryAfter?.Delta,
            await response.Content.ReadAsStringAsync(cancellationToken)
        );
}
