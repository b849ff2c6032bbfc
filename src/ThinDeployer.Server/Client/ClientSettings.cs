using System.CommandLine;
using ThinDeployer.Configuration;

namespace ThinDeployer.Server.Client;

/// <summary>Which server a command speaks to, and with which token.</summary>
/// <param name="Server">Ends with a slash.</param>
internal sealed record ClientSettings(Uri Server, string Token)
{
    private const string DefaultServer = "http://127.0.0.1:8012";

    internal static Option<string> ServerOption { get; } =
        new("--server")
        {
            Description = $"URL of the server [default: {DefaultServer}]",
            HelpName = "URL",
            Arity = ArgumentArity.ExactlyOne,
        };

    internal static Option<string> TokenFileOption { get; } =
        new("--token-file")
        {
            Description = "file with the token, - for standard input; else the variable THIN_DEPLOYER_TOKEN",
            HelpName = "FILE",
            Arity = ArgumentArity.ExactlyOne,
        };

    /// <exception cref="ClientFailure">What is said can't be used.</exception>
    internal static ClientSettings Read(ParseResult parsed)
    {
        var server = Value(parsed, ServerOption) ?? DefaultServer;
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
        var file = Value(parsed, TokenFileOption);
        var text = file is null ? Environment.GetEnvironmentVariable("THIN_DEPLOYER_TOKEN") : FirstLine(file);
        if (text?.Trim() is not { Length: > 0 } token)
        {
            throw ClientFailure.Refused(
                file is null
                    ? "no token: name a file with --token-file, or set THIN_DEPLOYER_TOKEN"
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

    private static string? Value(ParseResult parsed, Option<string> option) =>
        (parsed.GetValue(option) ?? Environment.GetEnvironmentVariable(ServerSettings.VariableOf(option.Name[2..])))
            is { Length: > 0 } value
            ? value
            : null;
}
