using System.Runtime.CompilerServices;
using ThinDeployer.Configuration;
using ThinDeployer.Forges;
using ThinDeployer.Notifications;
using ThinDeployer.Outbox;

namespace ThinDeployer;

/// <summary>Those who are told of a service, as it is configured now or was last.</summary>
internal sealed class Notifiers(CurrentConfiguration current, HttpSettings settings, OutboxHttp http, TimeProvider time)
{
    /// <summary>As long as the configuration has them.</summary>
    private readonly ConditionalWeakTable<ServiceConfiguration, Told> _made = [];

    internal IReadOnlyList<Notifier> Of(string service) => ToldOf(service)?.People ?? [];

    internal ForgeReporter? ForgeOf(string service) => ToldOf(service)?.Forge;

    /// <summary>Null where it is not configured any more.</summary>
    internal IOutboxTarget? TargetOf(OutboxItem item) =>
        ToldOf(item.Service) is not { } told ? null
        : told.Forge?.Key == item.Target ? told.Forge
        : told.People.FirstOrDefault(one => one.Key == item.Target);

    private Told? ToldOf(string service) =>
        current.FindEver(service) is { } found && (found.Notify.Count > 0 || found.Report is not null)
            ? _made.GetValue(found, Make)
            : null;

    private Told Make(ServiceConfiguration service) =>
        new(
            [.. service.Notify.Select(target => new Notifier(target, http, LinkOf, time))],
            service.Report is { } report ? new ForgeReporter(report, http, LinkOf) : null
        );

    private Uri? LinkOf(string deployment) =>
        settings is { HasPage: true, PublicUrl: { } url }
            ? new Uri($"{url.AbsoluteUri.TrimEnd('/')}/ui/deployments/{deployment}")
            : null;

    private sealed record Told(IReadOnlyList<Notifier> People, ForgeReporter? Forge);
}
