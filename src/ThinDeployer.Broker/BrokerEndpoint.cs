using ThinDeployer.Addresses;
using ThinDeployer.Machines;

namespace ThinDeployer.Broker;

/// <summary>Where a broker is, and who comes.</summary>
/// <param name="Host">A name or an address.</param>
/// <param name="Port">Of AMQP.</param>
/// <param name="IsEncrypted">By TLS. Without it, only this machine itself is spoken to.</param>
/// <param name="VirtualHost">The broker's part that is used.</param>
/// <param name="User">The login.</param>
/// <param name="Password">Its password.</param>
/// <param name="ManagementPort">Of the management API, on the same host.</param>
internal sealed record BrokerEndpoint(
    string Host,
    int Port,
    bool IsEncrypted,
    string VirtualHost,
    string User,
    string Password,
    int ManagementPort
)
{
    /// <summary>The query that names another port of the management API, such as <c>?management=15672</c>.</summary>
    private const string Form =
        "amqps://LOGIN:PASSWORD@HOST:5671, with ?management=PORT where its API has a port of its own";

    /// <summary>Without the login, for a machine.</summary>
    internal Uri Public =>
        new($"{(IsEncrypted ? "amqps" : "amqp")}://{WrittenHost}:{Port}/{VirtualHostPath}", UriKind.Absolute);

    internal Uri Management => new($"{(IsEncrypted ? "https" : "http")}://{WrittenHost}:{ManagementPort}/api/");

    internal string Place => $"{WrittenHost}:{Port}";

    private string WrittenHost => Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host;

    private string VirtualHostPath => VirtualHost == "/" ? "" : Uri.EscapeDataString(VirtualHost);

    /// <exception cref="FormatException">It is none that may be used; the message says why, without a secret.</exception>
    internal static BrokerEndpoint Read(LineAddress line)
    {
        var address = line.Address;
        var isEncrypted = address.IsAbsoluteUri && address.Scheme == "amqps";
        if (!address.IsAbsoluteUri || address is not { Scheme: "amqp" or "amqps", Host.Length: > 0 })
        {
            throw new FormatException($"a broker is given as {Form}");
        }

        var host = address.IdnHost.Trim('[', ']');
        if (!isEncrypted && !ThisMachine.IsNamedBy(host))
        {
            throw new FormatException(
                $"amqp:// sends a password that everybody on the way can read, so it goes to this machine only: use amqps://{host}"
            );
        }

        var (user, password) = LoginOf(line);
        return new BrokerEndpoint(
            host,
            address.Port > 0 ? address.Port
                : isEncrypted ? 5671
                : 5672,
            isEncrypted,
            VirtualHostOf(address),
            user,
            password,
            ManagementPortOf(address) ?? (isEncrypted ? 15671 : 15672)
        );
    }

    private static (string User, string Password) LoginOf(LineAddress line)
    {
        if (line is { User: { } name, Password: { } given })
        {
            return (name, given);
        }

        var login = line.Address.UserInfo;
        var colon = login.IndexOf(':', StringComparison.Ordinal);
        return colon > 0
            ? (Uri.UnescapeDataString(login[..colon]), Uri.UnescapeDataString(login[(colon + 1)..]))
            : throw new FormatException($"the broker's address has no login: {Form}");
    }

    private static string VirtualHostOf(Uri address)
    {
        var path = address.AbsolutePath.TrimStart('/');
        return path.Length == 0 ? "/"
            : path.Contains('/', StringComparison.Ordinal)
                ? throw new FormatException("after the broker's host comes one name at most, of a virtual host")
            : Uri.UnescapeDataString(path);
    }

    private static int? ManagementPortOf(Uri address) =>
        BrokerAddress.TryManagementPort(address, out var port)
            ? port
            : throw new FormatException($"a broker is given as {Form}");
}
