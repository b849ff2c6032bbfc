using System.Globalization;
using ThinDeployer.Addresses;
using ThinDeployer.Listening;
using ThinDeployer.Rollouts;
using ThinDeployer.Security;
using ThinDeployer.Yaml;

namespace ThinDeployer.Configuration;

/// <summary>The types of settings: what a value may be, what is told of that, and how it is read, once for each.</summary>
internal static class SwitchOf
{
    internal static Switch<string?> Text(string name, string valueName, string help) =>
        new(
            name,
            valueName,
            help,
            "must be a text",
            (string text, out string? value) =>
            {
                value = text;
                return true;
            }
        );

    /// <summary>A full path.</summary>
    internal static Switch<string?> Path(string name, string help) =>
        new(
            name,
            "PATH",
            help,
            "must be a path",
            (string text, out string? path) =>
            {
                var here = System.IO.Path.GetFullPath("any file here");
                path = ConfiguredPath.Resolve(text, here, SettingsSource.HomeFolder);
                return true;
            }
        )
        {
            IsPath = true,
        };

    internal static Switch<int> Number(string name, int minimum, int maximum, string help) =>
        new(
            name,
            "NUMBER",
            help,
            $"must be a whole number from {minimum} to {maximum}",
            (string text, out int number) =>
                int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number)
                && number >= minimum
                && number <= maximum
        )
        {
            Range = $"{minimum} to {maximum}",
        };

    /// <summary>Bytes.</summary>
    /// <param name="name">Without dashes.</param>
    /// <param name="maximum">As one would write it.</param>
    /// <param name="help">A part of a sentence.</param>
    internal static Switch<long> Size(string name, string maximum, string help)
    {
        _ = Scalars.TrySize(maximum, out var most);
        return new(
            name,
            "SIZE",
            help,
            $"must be a size of at most {most} bytes, such as 25MiB or 64KiB",
            (string text, out long bytes) => Scalars.TrySize(text, out bytes) && bytes <= most
        )
        {
            Range = $"at most {maximum}",
        };
    }

    internal static Switch<TimeSpan> Duration(string name, TimeSpan maximum, string help) =>
        new(
            name,
            "DURATION",
            help,
            $"must be a duration of at most {Scalars.Written(maximum)}, such as 30s or 5m",
            (string text, out TimeSpan duration) => Scalars.TryDuration(text, out duration) && duration <= maximum
        )
        {
            Range = $"at most {Scalars.Written(maximum)}",
        };

    internal static Switch<string> OneOf(string name, string valueName, IReadOnlyList<string> words, string help) =>
        new(
            name,
            valueName,
            help,
            $"must be one of: {string.Join(", ", words)}",
            (string text, out string word) =>
            {
                word = text;
                return words.Contains(text, StringComparer.Ordinal);
            }
        )
        {
            Range = string.Join(", ", words),
        };

    /// <summary>Beside YAML's words for yes and no, <c>1</c> and <c>0</c> count.</summary>
    internal static Switch<bool> YesOrNo(string name, string help) =>
        new(
            name,
            "true|false",
            help,
            "must be true or false",
            (string text, out bool value) =>
            {
                value = text == "1";
                return value || text == "0" || Scalars.TryBoolean(text, out value);
            }
        )
        {
            Range = "true, false",
            MayStandAlone = true,
        };

    internal static Switch<IReadOnlyList<ListenAddress>> Addresses(string name, string help) =>
        new(
            name,
            "ADDRESSES",
            help,
            "must be IP addresses of this machine, each with a port or without, or unix: and the full path of a socket, with "
                + "commas between them, such as 127.0.0.1,[::1]:8013,unix:/run/thin-deployer/http.sock",
            (string text, out IReadOnlyList<ListenAddress> addresses) =>
                (addresses = ListenAddress.ParseAll(text)!) is not null
        )
        {
            MayRepeat = true,
        };

    /// <summary>Without a slash at its end.</summary>
    internal static Switch<Uri?> WebAddress(string name, string help) =>
        new(
            name,
            "URL",
            help,
            "must be an address that begins with http:// or https://, without a query",
            (string text, out Uri? address) => HttpAddress.TryParseBase(text.TrimEnd('/'), out address)
        );

    /// <summary>Of a front with a login, of which the password is a secret; a machine has its own.</summary>
    internal static Switch<Uri?> Broker(string name, string help) =>
        new(
            name,
            "URL",
            help,
            "must be amqps://LOGIN:PASSWORD@HOST, or amqp:// to this machine itself, with ?management=PORT behind it where the "
                + "broker's management API has a port of its own",
            (string text, out Uri? address) =>
                BrokerAddress.TryParse(text, out address) || BrokerAddress.TryParseWithLogin(text, out address)
        )
        {
            SecretOf = text =>
                BrokerAddress.SecretsIn(text) is { Count: > 0 } secrets
                    ? new Security.Secret(string.Join('\n', secrets))
                    : null,
        };

    internal static Switch<string?> Machine(string name, string help) =>
        new(
            name,
            "NAME",
            help,
            MachineName.Demand,
            (string text, out string? machine) =>
            {
                machine = text;
                return MachineName.IsValid(text);
            }
        );

    /// <summary>Of no character that a proxy or a client writes in two ways.</summary>
    internal static Switch<string> UrlPath(string name, string help) =>
        new(
            name,
            "PATH",
            help,
            "must begin with a slash and end without one, with letters, digits, - . _ and ~ between slashes, such as /deployer",
            (string text, out string path) =>
            {
                path = text;
                return text is ['/', _, ..] && text[1..].Split('/').All(IsPlainSegment);
            }
        )
        {
            Unset = "",
        };

    private static bool IsPlainSegment(string segment) =>
        segment is not ("" or "." or "..")
        && segment.All(character => char.IsAsciiLetterOrDigit(character) || "-._~".Contains(character));

    internal static Switch<NetworkList> Networks(string name, string help) =>
        new(
            name,
            "NETWORKS",
            help,
            "must be addresses or networks with commas between them, such as 127.0.0.1,10.0.0.0/8, or unix",
            (string text, out NetworkList networks) => (networks = NetworkList.ParseProxies(text)!) is not null
        )
        {
            Unset = NetworkList.None,
        };

    /// <summary>A text that admits, or its digest.</summary>
    internal static Switch<Token?> Token(string name, string help) =>
        new(
            name,
            "TOKEN",
            help,
            "must be a text, or \"sha256:\" and 64 hexadecimal digits",
            (string text, out Token? token) => (token = Security.Token.Parse(name, text)) is not null
        )
        {
            SecretOf = text => Security.Token.Parse(name: null, text) is { IsPlain: true } ? new Secret(text) : null,
        };

    /// <summary>A text that admits.</summary>
    internal static Switch<Secret?> Secret(string name, string help) =>
        new(
            name,
            "TOKEN",
            help,
            "must be a text",
            (string text, out Secret? secret) =>
            {
                secret = new Secret(text);
                return true;
            }
        )
        {
            SecretOf = text => new Secret(text),
        };
}
