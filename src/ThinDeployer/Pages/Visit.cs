using System.Globalization;
using Microsoft.AspNetCore.Http;
using ThinDeployer.Configuration;
using ThinDeployer.Deployments;
using ThinDeployer.Http;
using ThinDeployer.Security;

namespace ThinDeployer.Pages;

/// <summary>A look at a page by somebody who was let in.</summary>
/// <param name="Configuration">As it counts for the whole page.</param>
/// <param name="Frame">What stands around it.</param>
/// <param name="Change">The last one that it may show.</param>
/// <param name="Now">The one moment from which ages are told.</param>
internal sealed record Visit(
    HttpContext Context,
    Desk Desk,
    Caller Caller,
    ArgumentCollection Query,
    ConfigurationSnapshot Configuration,
    Frame Frame,
    long Change,
    DateTimeOffset Now
)
{
    /// <summary>Where a stream tells of what comes after <see cref="Change"/>.</summary>
    internal string Events => string.Create(CultureInfo.InvariantCulture, $"{Frame.Root}events?after={Change}");

    /// <summary>Of the services that are configured now, and that the caller may see; by name.</summary>
    internal IEnumerable<ServiceConfiguration> Services =>
        Configuration.IsUsable
            ? Configuration
                .Services.Values.Where(service => Caller.MaySee(service.Name))
                .OrderBy(service => service.Name, StringComparer.Ordinal)
            : [];

    /// <summary>Null where it is not configured, or not for this caller.</summary>
    internal ServiceConfiguration? Service(string name) =>
        Configuration.IsUsable && Caller.MaySee(name) ? Configuration.Services.GetValueOrDefault(name) : null;

    /// <summary>Whether the caller may do this to a service that there is.</summary>
    internal bool May(string service, Rights right) => Service(service) is not null && Caller.May(service, right);

    /// <summary>A whole number of the query; 0 where it is none.</summary>
    internal int Number(string name) =>
        int.TryParse(Argument(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    /// <summary>An argument of the query; empty where it is absent or comes twice.</summary>
    internal string Argument(string name) => Query.Find(name) is (1, var value) ? value : "";
}

/// <summary>What stands around each page.</summary>
/// <param name="Root">Where the page is: <c>/ui/</c>, below the path base.</param>
/// <param name="Who">Whose session it is; null before somebody has signed in.</param>
/// <param name="Antiforgery">Proves that a page of ours sends an action; null where there is no session.</param>
/// <param name="SeesAll">Whether what is not a service's own may be shown, too.</param>
/// <param name="Notices">What everybody should know, a sentence each.</param>
internal sealed record Frame(string Root, string? Who, string? Antiforgery, bool SeesAll, IReadOnlyList<string> Notices)
{
    internal string Title { get; init; } = "";

    /// <summary>Which part of the page it belongs to: its path below the root.</summary>
    internal string Part { get; init; } = "";

    /// <summary>The state that the title and the icon tell; null for none.</summary>
    internal DeploymentStatus? State { get; init; }

    /// <summary>Whether this server orders machines about.</summary>
    internal bool HasMachines { get; init; }

    /// <summary>Where a stream tells when to look again; null for a page that never changes.</summary>
    internal string? Events { get; init; }

    internal string Asset(string name) => Root + Assets.PathOf(name);

    /// <summary>The path of a route that is no page.</summary>
    internal string Api(string path) => Root[..^"ui/".Length] + path;
}
