using System.Net;

namespace ThinDeployer.Addresses;

/// <summary>What means the machine that this runs on.</summary>
internal static class ThisMachine
{
    /// <param name="host">Of an address, with the brackets of IPv6 or without.</param>
    internal static bool IsNamedBy(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}
