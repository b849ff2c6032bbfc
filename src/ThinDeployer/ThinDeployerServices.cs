using System.Collections.Frozen;
using System.Text.Json;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ThinDeployer.Audit;
using ThinDeployer.Chains;
using ThinDeployer.Configuration;
using ThinDeployer.Deployments;
using ThinDeployer.Forges;
using ThinDeployer.Health;
using ThinDeployer.Http;
using ThinDeployer.Identities;
using ThinDeployer.Lines;
using ThinDeployer.Logging;
using ThinDeployer.Machines;
using ThinDeployer.Notifications;
using ThinDeployer.Otlp;
using ThinDeployer.Outbox;
using ThinDeployer.Pages;
using ThinDeployer.Pages.Log;
using ThinDeployer.Schedules;
using ThinDeployer.Security;
using ThinDeployer.Telemetry;

namespace ThinDeployer;

/// <summary>All wiring of the core, in one call for a host. The host then serves <see cref="RouteTable"/>.</summary>
public static class ThinDeployerServices
{
    /// <summary>For SIGKILL, the last commits, notifications and answers, beyond both graces.</summary>
    private static readonly TimeSpan ShutdownMargin = TimeSpan.FromSeconds(15);

    /// <summary>
    /// Adds the core to a host that has no command line: settings come from the environment, and a configuration with
    /// mistakes does not keep the host from starting. Deploys are then answered by 503, and the health check lists them.
    /// </summary>
    public static IServiceCollection AddThinDeployer(this IServiceCollection services)
    {
        var profile = HostProfile.Functions;
        var settings = ServerSettings.Read(
            switchOf: null,
            Environment.GetEnvironmentVariable,
            variableNames: ServerSettings.VariableNames,
            hostBodyLimit: profile.LargestBody
        );
        return services.AddThinDeployer(settings, LoadedConfiguration.Load(settings), profile);
    }

    /// <summary>Adds the core.</summary>
    /// <param name="services">Where to.</param>
    /// <param name="settings">The switches.</param>
    /// <param name="configuration">The services, read before; with mistakes in it, nothing is deployed.</param>
    /// <param name="profile">Which program this is.</param>
    public static IServiceCollection AddThinDeployer(
        this IServiceCollection services,
        ServerSettings settings,
        LoadedConfiguration configuration,
        HostProfile profile
    )
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(profile);
        services.AddLogging(logging =>
            logging.AddLogOutputs(profile.LogsToConsole, settings.Log.File, settings.Log.IsJson)
        );
        services.TryAddSingleton(TimeProvider.System);
        services
            .AddSingleton(settings)
            .AddSingleton(settings.Configuration)
            .AddSingleton(settings.Engine)
            .AddSingleton(settings.Http)
            .AddSingleton(settings.Health);
        services.AddSingleton(new CurrentConfiguration(configuration.Snapshot));

        services.Configure<KestrelServerOptions>(kestrel =>
        {
            kestrel.AddServerHeader = false;
            // Our own limit counts while reading and answers 413; the server's would break the connection.
            kestrel.Limits.MaxRequestBodySize = null;
        });
        services.AddHostedService<IdleMemory>();
        services.AddSingleton(provider => new ServerStanding(
            provider.GetRequiredService<CurrentConfiguration>(),
            provider.GetRequiredService<ConfigurationWatch>(),
            provider.GetRequiredService<EngineRoom>()
        ));
        return services
            .AddConfiguration()
            .AddDeployments(profile, settings.Engine)
            .AddAudit()
            .AddSchedules()
            .AddChains()
            .AddOutbox(profile)
            .AddMachines(settings.Configuration.IsAgent ? settings.Machines with { Broker = null } : settings.Machines)
            .AddTelemetry(settings.Engine.DataFolder)
            .AddOtlp(profile, settings.Otlp)
            .AddHealth()
            .AddPages(settings.Http)
            .AddHttp(profile);
    }

    /// <summary>Reads the configuration again, now, unless the host is stopping.</summary>
    public static void ReloadConfiguration(this IServiceProvider services) =>
        services.GetRequiredService<ConfigurationWatch>().ReloadNow();

    private static IServiceCollection AddConfiguration(this IServiceCollection services) =>
        services
            .AddSingleton<ConfigurationWatch>()
            .AddHostedService(provider => provider.GetRequiredService<ConfigurationWatch>());

    private static IServiceCollection AddDeployments(
        this IServiceCollection services,
        HostProfile profile,
        EngineSettings settings
    )
    {
        if (profile.ShutdownGrace is null)
        {
            // A reload may bring any grace: the longest counts.
            services.Configure<HostOptions>(host =>
                host.ShutdownTimeout = settings.ShutdownGrace + DeploymentPlanReader.LongestStopGrace + ShutdownMargin
            );
        }

        return services
            .AddSingleton<EngineRoom>()
            .AddSingleton<Intake>()
            .AddSingleton(profile)
            .AddSingleton<EngineStart>()
            .AddHostedService(provider => provider.GetRequiredService<EngineStart>());
    }

    private static IServiceCollection AddAudit(this IServiceCollection services) =>
        services
            .AddSingleton<AuditTrail>()
            .AddSingleton<RefusedStrangers>()
            .AddHostedService(provider => provider.GetRequiredService<AuditTrail>());

    private static IServiceCollection AddSchedules(this IServiceCollection services) =>
        services
            .AddSingleton(provider =>
            {
                var current = provider.GetRequiredService<CurrentConfiguration>();
                var scheduler = new Scheduler(
                    provider.GetRequiredService<EngineRoom>(),
                    provider.GetRequiredService<Intake>(),
                    () => current.Snapshot is { IsUsable: true } usable ? usable.Scheduled : null,
                    provider.GetRequiredService<AuditTrail>(),
                    provider.GetRequiredService<TimeProvider>(),
                    provider.GetRequiredService<ILogger<Scheduler>>()
                );
                current.TellChanges(scheduler.LookNow);
                return scheduler;
            })
            .AddHostedService(provider => provider.GetRequiredService<Scheduler>());

    private static IServiceCollection AddChains(this IServiceCollection services) =>
        services
            .AddSingleton(provider =>
            {
                var current = provider.GetRequiredService<CurrentConfiguration>();
                return new ChainRunner(
                    provider.GetRequiredService<EngineRoom>(),
                    provider.GetRequiredService<Intake>(),
                    current.FindPlan,
                    provider.GetRequiredService<AuditTrail>(),
                    provider.GetRequiredService<TimeProvider>(),
                    provider.GetRequiredService<ILogger<ChainRunner>>()
                );
            })
            .AddSingleton<IDeploymentListener>(provider => provider.GetRequiredService<ChainRunner>())
            .AddHostedService(provider => provider.GetRequiredService<ChainRunner>());

    private static IServiceCollection AddOutbox(this IServiceCollection services, HostProfile profile) =>
        services
            .AddSingleton(
                new OutboxCounts([
                    .. NotificationKinds.All.Select(kind => kind.Name),
                    .. ForgeKinds.All.Select(forge => forge.Name),
                ])
            )
            .AddSingleton<OutboxHttp>()
            .AddSingleton(provider => new Notifiers(
                provider.GetRequiredService<CurrentConfiguration>(),
                provider.GetRequiredService<HttpSettings>(),
                provider.GetRequiredService<OutboxHttp>(),
                provider.GetRequiredService<TimeProvider>()
            ))
            .AddSingleton(provider =>
            {
                var notifiers = provider.GetRequiredService<Notifiers>();
                return new OutboxSender(
                    [
                        new NotificationFeed(
                            notifiers.Of,
                            entry =>
                                JsonSerializer.Serialize(
                                    DeploymentJson.Of(entry, queuedAhead: null),
                                    Answers.Json.DeploymentJson
                                )
                        ),
                        new ForgeFeed(notifiers.ForgeOf),
                    ],
                    notifiers.TargetOf,
                    profile.NotificationGrace,
                    provider.GetRequiredService<OutboxCounts>(),
                    provider.GetRequiredService<TimeProvider>(),
                    provider.GetRequiredService<ILogger<OutboxSender>>()
                );
            })
            .AddHostedService(provider => provider.GetRequiredService<OutboxSender>());

    /// <summary>The host adds the <see cref="FrontTransport"/>.</summary>
    private static IServiceCollection AddMachines(this IServiceCollection services, MachineSettings settings) =>
        services
            .AddSingleton(provider => new FrontRoom(
                LineOf(provider, settings),
                provider.GetRequiredService<TimeProvider>()
            ))
            .AddSingleton(provider =>
            {
                var room = provider.GetRequiredService<FrontRoom>();
                return new Enrolment(room.Line, () => room.Registry);
            })
            .AddSingleton<FrontDesk>()
            .AddHostedService(provider => provider.GetRequiredService<FrontDesk>());

    /// <summary>Null on a server that orders no machines about.</summary>
    private static IFrontLine? LineOf(IServiceProvider provider, MachineSettings settings) =>
        settings.Broker is { } broker
            ? provider
                .GetRequiredService<FrontTransport>()
                .Open(
                    new LineAddress(broker, settings.AuthorityFile),
                    provider.GetRequiredService<TimeProvider>(),
                    provider.GetRequiredService<ILoggerFactory>()
                )
            : null;

    private static IServiceCollection AddTelemetry(this IServiceCollection services, string dataFolder) =>
        services
            .AddSingleton<LastEnds>()
            .AddSingleton<DeploymentCounts>()
            .AddSingleton<IDeploymentListener>(provider => provider.GetRequiredService<DeploymentCounts>())
            .AddSingleton<RequestCounts>()
            .AddSingleton<SpanCounts>()
            .AddSingleton(provider => new MetricsPage(
                provider.GetRequiredService<DeploymentCounts>(),
                provider.GetRequiredService<LastEnds>(),
                provider.GetRequiredService<RequestCounts>(),
                provider.GetRequiredService<OutboxCounts>(),
                provider.GetRequiredService<SpanCounts>(),
                provider.GetRequiredService<ConfigurationWatch>(),
                provider.GetRequiredService<CurrentConfiguration>(),
                provider.GetRequiredService<EngineRoom>(),
                provider.GetRequiredService<LogOutputs>(),
                provider.GetRequiredService<FrontRoom>(),
                dataFolder
            ));

    /// <summary>Nothing where nobody is to be told.</summary>
    private static IServiceCollection AddOtlp(
        this IServiceCollection services,
        HostProfile profile,
        OtlpSettings settings
    )
    {
        if (!settings.IsOn)
        {
            return services;
        }

        if (settings.Traces is { } traces)
        {
            services
                .AddSingleton(provider => new SpanExporter(
                    CollectorAt(provider, traces, "traces", settings),
                    settings,
                    provider.GetRequiredService<SpanCounts>(),
                    provider.GetRequiredService<TimeProvider>()
                ))
                .AddSingleton<IDeploymentListener>(provider => provider.GetRequiredService<SpanExporter>());
        }

        return services
            .AddSingleton(provider => new OtlpExport(
                [.. Runs(provider, settings)],
                profile.NotificationGrace,
                provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<ILogger<OtlpExport>>()
            ))
            .AddHostedService(provider => provider.GetRequiredService<OtlpExport>());
    }

    private static IEnumerable<Func<CancellationToken, CancellationToken, Task>> Runs(
        IServiceProvider provider,
        OtlpSettings settings
    )
    {
        if (settings.Traces is not null)
        {
            yield return provider.GetRequiredService<SpanExporter>().RunAsync;
        }

        if (settings.Metrics is { } metrics)
        {
            yield return new MetricExporter(
                CollectorAt(provider, metrics, "metrics", settings),
                settings.Resource,
                settings.MetricInterval,
                provider.GetRequiredService<MetricsPage>().Write,
                provider.GetRequiredService<TimeProvider>()
            ).RunAsync;
        }
    }

    private static Collector CollectorAt(IServiceProvider provider, Uri address, string what, OtlpSettings settings) =>
        new(
            address,
            what,
            settings,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<Collector>>()
        );

    private static IServiceCollection AddHealth(this IServiceCollection services) =>
        services.AddSingleton<HealthChecks>();

    /// <summary>Nothing where no browser is wanted.</summary>
    private static IServiceCollection AddPages(this IServiceCollection services, HttpSettings settings)
    {
        if (!settings.HasPage)
        {
            return services;
        }

        services.TryAddSingleton(OperatorTexts.None);
        return services
            .AddSingleton(provider => new Sessions(
                Path.Join(provider.GetRequiredService<EngineSettings>().DataFolder, Sessions.FileName),
                provider.GetRequiredService<TimeProvider>()
            ))
            .AddSingleton<OutputLines>()
            .AddSingleton<Changes>()
            .AddSingleton<IDeploymentListener>(provider => provider.GetRequiredService<Changes>())
            .AddSingleton(provider => new PageAccess(
                provider.GetRequiredService<Door>(),
                provider.GetRequiredService<EngineRoom>(),
                provider.GetRequiredService<CurrentConfiguration>(),
                provider.GetRequiredService<Changes>(),
                provider.GetRequiredService<Enrolment>(),
                settings.PathBase,
                provider.GetRequiredService<TimeProvider>()
            ))
            .AddSingleton<OpenStreams>()
            .AddSingleton<IRouteGroup>(provider => new SignInPage(
                provider.GetRequiredService<PageAccess>(),
                provider.GetRequiredService<Door>(),
                provider.GetRequiredService<Sessions>(),
                provider.GetRequiredService<AuditTrail>(),
                settings.PathBase
            ))
            .AddSingleton<IRouteGroup, ServicesPage>()
            .AddSingleton<IRouteGroup, DeploymentsPage>()
            .AddSingleton<IRouteGroup, QueuePage>()
            .AddSingleton<IRouteGroup, ServicePage>()
            .AddSingleton<IRouteGroup, DeployPage>()
            .AddSingleton<IRouteGroup, DeploymentPage>()
            .AddSingleton<IRouteGroup, LinesEndpoint>()
            .AddSingleton<IRouteGroup, ServerPage>()
            .AddSingleton<IRouteGroup, AuditPage>()
            .AddSingleton<IRouteGroup, MachinesPage>()
            .AddSingleton<IRouteGroup, ChangesEndpoint>()
            .AddSingleton<IRouteGroup, Assets>();
    }

    private static IServiceCollection AddHttp(this IServiceCollection services, HostProfile profile) =>
        services
            .AddSingleton<Circles>()
            .AddSingleton(provider => new DeployAnswer(
                provider.GetRequiredService<EngineRoom>(),
                provider.GetRequiredService<Intake>(),
                provider.GetRequiredService<Circles>(),
                provider.GetRequiredService<HttpSettings>().PathBase,
                profile.LongestWait,
                provider.GetRequiredService<TimeProvider>()
            ))
            .AddSingleton(provider => new ClientAddresses(
                provider.GetRequiredService<HttpSettings>().TrustedProxies,
                provider.GetRequiredService<ILogger<ClientAddresses>>()
            ))
            .AddSingleton(provider =>
            {
                var limiter = new FailureLimiter(
                    provider.GetRequiredService<HttpSettings>().AuthFailuresPerMinute,
                    provider.GetRequiredService<TimeProvider>()
                );
                var strangers = provider.GetRequiredService<RefusedStrangers>();
                limiter.TellRefused(key => strangers.Refuse(key.ToString()));
                return limiter;
            })
            .AddSingleton(new BodyBudget())
            .AddSingleton<CredentialUses>()
            .AddHostedService(provider => provider.GetRequiredService<CredentialUses>())
            .AddSingleton<IssuerClient>()
            .AddSingleton<IdentityCheck>()
            .AddSingleton(provider => KeysOf(provider, profile))
            .AddSingleton<Door>()
            .AddSingleton<DeskAccess>()
            .AddSingleton<IRouteGroup, DeployEndpoint>()
            .AddSingleton<IRouteGroup, ProbeEndpoint>()
            .AddSingleton<IRouteGroup, DeploymentsEndpoint>()
            .AddSingleton<IRouteGroup, OutputEndpoint>()
            .AddSingleton<Redeployment>()
            .AddSingleton<IRouteGroup, ControlEndpoint>()
            .AddSingleton<IRouteGroup, DecisionEndpoint>()
            .AddSingleton<IRouteGroup, RollbackEndpoint>()
            .AddSingleton<IRouteGroup, DeliveriesEndpoint>()
            .AddSingleton<IRouteGroup, OutboxEndpoint>()
            .AddSingleton<IRouteGroup, AuditEndpoint>()
            .AddSingleton<IRouteGroup, MachinesEndpoint>()
            .AddSingleton<IRouteGroup, HealthCheckEndpoint>()
            .AddSingleton<IRouteGroup, MetricsEndpoint>()
            .AddSingleton(provider => new RequestLog(
                provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<ILogger<RequestLog>>()
            ))
            .AddSingleton(provider => new RouteTable(
                EntriesOf(provider),
                provider.GetRequiredService<ClientAddresses>(),
                provider.GetRequiredService<EngineRoom>(),
                profile,
                provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<RequestLog>(),
                provider.GetRequiredService<ILogger<RouteTable>>()
            ));

    private static IEnumerable<RouteEntry> EntriesOf(IServiceProvider provider)
    {
        var pathBase = provider.GetRequiredService<HttpSettings>().PathBase;
        return provider
            .GetServices<IRouteGroup>()
            .SelectMany(group => group.Routes)
            .Select(entry => entry.Below(pathBase));
    }

    private static DoorKeys KeysOf(IServiceProvider provider, HostProfile profile)
    {
        var current = provider.GetRequiredService<CurrentConfiguration>();
        var settings = provider.GetRequiredService<HttpSettings>();
        return new DoorKeys(
            settings.AdminToken,
            provider.GetRequiredService<HealthSettings>().Token,
            settings.MetricsToken,
            settings.ViewerToken,
            provider.GetService<Sessions>(),
            OpensMetricsOnLoopback: profile.SeesItsClients && !settings.TrustsAProxy,
            () => current.Snapshot is { IsUsable: true } usable ? usable.Services.Values : []
        )
        {
            Identities = provider.GetRequiredService<IdentityCheck>(),
            Uses = provider.GetRequiredService<CredentialUses>(),
            Issuers = () => current.Snapshot is { IsUsable: true } usable ? usable.Issuers : FrozenSet<string>.Empty,
        };
    }
}
