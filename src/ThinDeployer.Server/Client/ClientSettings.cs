using System.CommandLine;
using System.Text;
using ThinDeployer.Configuration;
using ThinDeployer.Listening;

namespace ThinDeployer.Server.Client;

/// <summary>Which server a command speaks to, and with which token.</summary>
/// <param name="Server">Ends with a slash; of a Unix socket, that of this machine.</param>
/// <param name="Socket">The full path of a Unix socket that leads there; null for a way through the network.</param>
internal sealed record ClientSettings(Uri Server, string Token, string? Socket)
{
    private const string SocketPrefix = "unix:";

    /// <summary>As it was asked for.</summary>
    internal string ServerName => Socket is null ? Server.ToString() : SocketPrefix + Socket;

    internal static Option<string> ServerOption { get; } = TextOption.Of(ClientSwitches.Server);

    internal static Option<string> TokenFileOption { get; } = TextOption.Of(ClientSwitches.TokenFile);

    /// <exception cref="ClientFailure">What is said can't be used.</exception>
    internal static ClientSettings Read(ParseResult parsed)
    {
        var (server, socket) = ServerOf(parsed);
        return new ClientSettings(server, ReadToken(parsed), socket);
    }

    /// <inheritdoc cref="Read"/>
    internal static (Uri Server, string? Socket) ServerOf(ParseResult parsed)
    {
        var server = Value(parsed, ServerOption, ClientSwitches.Server) ?? ClientSwitches.Server.Default!;
        if (server.StartsWith(SocketPrefix, StringComparison.Ordinal))
        {
            return (new Uri("http://localhost/"), SocketOf(server));
        }

        return
            Uri.TryCreate(server.TrimEnd('/') + "/", UriKind.Absolute, out var url)
            && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps)
            && url.Query.Length + url.Fragment.Length + url.UserInfo.Length == 0
            ? (url, null)
            : throw ClientFailure.Refused(
                "--server must be a URL such as https://deploy.example.org, or unix:/path/of/a/socket"
            );
    }

    private static string SocketOf(string server)
    {
        var path = server[SocketPrefix.Length..];
        return Path.IsPathRooted(path) && Encoding.UTF8.GetByteCount(path) <= ListenAddress.Unix.LongestPath
            ? path
            : throw ClientFailure.Refused(
                $"--server unix: must be followed by a full path of at most {ListenAddress.Unix.LongestPath} bytes"
            );
    }

    private static string ReadToken(ParseResult parsed)
    {
        var file = Value(parsed, TokenFileOption, ClientSwitches.TokenFile);
        var text = file is null ? Environment.GetEnvironmentVariable(ClientSwitches.Token.Variable) : FirstLine(file);
        if (text?.Trim() is not { Length: > 0 } token)
        {
            throw ClientFailure.Refused(
                file is null
                    ? $"no token: name a file with {TokenFileOption.Name}, or set {ClientSwitches.Token.Variable}"
                    : $"the token file \"{file}\" is empty"
            );
        }

        return token.Any(char.IsControl)
            ? throw ClientFailure.Refused("the token holds a control character, which no request can carry")
            : token;
    }

    private static string? FirstLine(string file)
    {
        try
        {
            return file == "-"
                ? Console.In.ReadLine()
                : File.ReadLines(file).FirstOrDefault(line => !string.IsNullOrWhiteSpace(line));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw ClientFailure.Refused($"the token file \"{file}\" can't be read: {exception.Message}");
        }
    }

    private static string? Value(ParseResult parsed, Option<string> option, Switch one) =>
        (parsed.GetValue(option) ?? Environment.GetEnvironmentVariable(one.Variable)) is { Length: > 0 } value
            ? value
            : null;
}
