using System.Net;
using Microsoft.AspNetCore.Http;
using ThinDeployer.Security;

namespace ThinDeployer.Http;

/// <summary>Who asks, found once for each request: for the log, the record, the rules, and the count of failures.</summary>
/// <param name="Address">Null where no server tells it.</param>
/// <param name="IsShared">
/// Whether it is a proxy's that was not declared one, so that all its clients look like this one.
/// </param>
internal sealed record ClientAddress(IPAddress? Address, bool IsShared)
{
    internal static ClientAddress Unknown { get; } = new(Address: null, IsShared: true);

    /// <summary>What is counted together. Behind an undeclared proxy each place counts for itself.</summary>
    /// <param name="place">Such as the name of a service.</param>
    internal FailureKey KeyAt(string place) => IsShared ? FailureKey.Of(Address).At(place) : FailureKey.Of(Address);

    public override string ToString() => Address?.ToString() ?? "an unknown address";
}

/// <summary>Keeps the address with its request.</summary>
internal static class ClientAddressOfRequest
{
    internal static void Remember(this HttpContext context, ClientAddress client) => context.Features.Set(client);

    internal static ClientAddress Client(this HttpContext context) =>
        context.Features.Get<ClientAddress>() ?? ClientAddress.Unknown;
}
