using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace ThinDeployer.Addresses;

/// <summary>
/// Addresses of AMQP (rabbitmq.com/docs/uri-spec): <c>amqps://LOGIN:PASSWORD@HOST:PORT/VHOST</c>, of which only scheme and host
/// must be there. Without encryption, a password goes to this machine only.
/// </summary>
internal static class BrokerAddress
{
    private const string Management = "?management=";

    /// <summary>For a machine: without a login.</summary>
    internal static bool TryParse(string text, [NotNullWhen(true)] out Uri? address) =>
        TryParsePlace(text, out address) && address is { UserInfo: "", Query: "" };

    /// <summary>For a front: with its login, and perhaps with the port of the broker's management API.</summary>
    internal static bool TryParseWithLogin(string text, [NotNullWhen(true)] out Uri? address) =>
        TryParsePlace(text, out address)
        && address.UserInfo.Split(':', 2) is [{ Length: > 0 }, { Length: > 0 }]
        && TryManagementPort(address, out _);

    /// <summary>The port of the broker's management API, where the address names it; null where it has no query.</summary>
    /// <returns>False for another query.</returns>
    internal static bool TryManagementPort(Uri address, out int? port)
    {
        port = null;
        if (address.Query.Length == 0)
        {
            return true;
        }

        if (
            !address.Query.StartsWith(Management, StringComparison.Ordinal)
            || !ushort.TryParse(
                address.Query.AsSpan(Management.Length),
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out var named
            )
            || named == 0
        )
        {
            return false;
        }

        port = named;
        return true;
    }

    /// <summary>What of the text no output may show, as it is written and as it is; all of what is no address.</summary>
    internal static IReadOnlyList<string> SecretsIn(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var address))
        {
            return [text];
        }

        return address.UserInfo.Split(':', 2) is [_, { Length: > 0 } password]
            ? [.. new[] { password, Uri.UnescapeDataString(password) }.Distinct(StringComparer.Ordinal)]
            : [];
    }

    private static bool TryParsePlace(string text, [NotNullWhen(true)] out Uri? address) =>
        Uri.TryCreate(text, UriKind.Absolute, out address)
        && address is { Scheme: "amqp" or "amqps", Host.Length: > 0, Fragment: "" }
        && (address.Scheme == "amqps" || ThisMachine.IsNamedBy(address.IdnHost))
        && !address.AbsolutePath.TrimStart('/').Contains('/');
}
