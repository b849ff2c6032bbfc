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

    /// <summary>By a Unix socket, which has no address of a client.</summary>
    internal static ClientAddress Socket { get; } = Unknown with { IsSocket = true };

    /// <summary>Whether it came by a Unix socket, and nobody who is believed says for whom.</summary>
    internal bool IsSocket { get; private init; }

    /// <summary>What is counted together. Behind an undeclared proxy each place counts for itself.</summary>
    /// <param name="place">Such as the name of a service.</param>
    internal FailureKey KeyAt(string place) => IsShared ? FailureKey.Of(Address).At(place) : FailureKey.Of(Address);

    public override string ToString() => Address?.ToString() ?? (IsSocket ? "a Unix socket" : "an unknown address");
}

/// <summary>Keeps the address with its request.</summary>
internal static class ClientAddressOfRequest
{
    internal static void Remember(this HttpContext context, ClientAddress client) => context.Features.Set(client);

    internal static ClientAddress Client(this HttpContext context) =>
        context.Features.Get<ClientAddress>() ?? ClientAddress.Unknown;
}
