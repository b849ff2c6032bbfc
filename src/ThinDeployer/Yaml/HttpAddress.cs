using System.Diagnostics.CodeAnalysis;

namespace ThinDeployer.Yaml;

/// <summary>Addresses of HTTP and HTTPS, as a configuration names them.</summary>
internal static class HttpAddress
{
    internal static bool TryParse(string text, [NotNullWhen(true)] out Uri? address) =>
        Uri.TryCreate(text, UriKind.Absolute, out address)
        && (address.Scheme == Uri.UriSchemeHttps || address.Scheme == Uri.UriSchemeHttp);

    /// <summary>One that paths can go below: without a query, a fragment and a user.</summary>
    internal static bool TryParseBase(string text, [NotNullWhen(true)] out Uri? address) =>
        TryParse(text, out address) && address is { Query: "", Fragment: "", UserInfo: "" };
}
