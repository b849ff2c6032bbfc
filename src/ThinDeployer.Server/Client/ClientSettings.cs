using System.CommandLine;
using ThinDeployer.Configuration;

namespace ThinDeployer.Server.Client;

/// <summary>Which server a command speaks to, and with which token.</summary>
/// <param name="Server">Ends with a slash.</param>
internal sealed record ClientSettings(Uri Server, string Token)
{
    internal static Option<string> ServerOption { get; } = TextOption.Of(ClientSwitches.Server);

    internal static Option<string> TokenFileOption { get; } = TextOption.Of(ClientSwitches.TokenFile);

    /// <exception cref="ClientFailure">What is said can't be used.</exception>
    internal static ClientSettings Read(ParseResult parsed)
    {
        var server = Value(parsed, ServerOption, ClientSwitches.Server) ?? ClientSwitches.Server.Default!;
        if (
            !Uri.TryCreate(server.TrimEnd('/') + "/", UriKind.Absolute, out var url)
            || !(url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps)
            || url.Query.Length + url.Fragment.Length + url.UserInfo.Length > 0
        )
        {
            throw ClientFailure.Refused("--server must be a URL such as https://deploy.example.org");
        }

        return new ClientSettings(url, ReadToken(parsed));
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
