using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ThinDeployer.Configuration;
using ThinDeployer.Deployments;
using ThinDeployer.Health;
using ThinDeployer.Http;
using ThinDeployer.Logging;
using ThinDeployer.Notifications;
using ThinDeployer.Security;

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
            .AddNotifications(profile)
            .AddHealth()
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

    private static IServiceCollection AddNotifications(this IServiceCollection services, HostProfile profile) =>
        services
            .AddSingleton(provider => new NotificationSender(
                deployment =>
                    provider
                        .GetRequiredService<CurrentConfiguration>()
                        .FindEver(deployment.Service, deployment.Plan)
                        ?.Notification,
                profile.NotificationGrace,
                provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<ILogger<NotificationSender>>()
            ))
            .AddSingleton<IDeploymentListener>(provider => provider.GetRequiredService<NotificationSender>())
            .AddHostedService(provider => provider.GetRequiredService<NotificationSender>());

    private static IServiceCollection AddHealth(this IServiceCollection services) =>
        services.AddSingleton<HealthChecks>();

    private static IServiceCollection AddHttp(this IServiceCollection services, HostProfile profile) =>
        services
            .AddSingleton<Circles>()
            .AddSingleton(provider => new DeployAnswer(
                provider.GetRequiredService<EngineRoom>(),
                provider.GetRequiredService<Intake>(),
                provider.GetRequiredService<Circles>(),
                profile.LongestWait,
                provider.GetRequiredService<TimeProvider>()
            ))
            .AddSingleton(provider => new ClientAddresses(
                provider.GetRequiredService<HttpSettings>().TrustedProxies,
                provider.GetRequiredService<ILogger<ClientAddresses>>()
            ))
            .AddSingleton(provider => new FailureLimiter(
                provider.GetRequiredService<HttpSettings>().AuthFailuresPerMinute,
                provider.GetRequiredService<TimeProvider>()
            ))
            .AddSingleton(new BodyBudget())
            .AddSingleton(KeysOf)
            .AddSingleton<Door>()
            .AddSingleton<DeskAccess>()
            .AddSingleton<IRouteGroup, DeployEndpoint>()
            .AddSingleton<IRouteGroup, ProbeEndpoint>()
            .AddSingleton<IRouteGroup, DeploymentsEndpoint>()
            .AddSingleton<IRouteGroup, OutputEndpoint>()
            .AddSingleton<IRouteGroup, ControlEndpoint>()
            .AddSingleton<IRouteGroup, DeliveriesEndpoint>()
            .AddSingleton<IRouteGroup, HealthCheckEndpoint>()
            .AddSingleton(provider => new RequestLog(
                provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<ILogger<RequestLog>>()
            ))
            .AddSingleton(provider => new RouteTable(
                provider.GetServices<IRouteGroup>(),
                provider.GetRequiredService<ClientAddresses>(),
                provider.GetRequiredService<EngineRoom>(),
                profile,
                provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<RequestLog>(),
                provider.GetRequiredService<ILogger<RouteTable>>()
            ));

    private static DoorKeys KeysOf(IServiceProvider provider)
    {
        var current = provider.GetRequiredService<CurrentConfiguration>();
        return new DoorKeys(
            provider.GetRequiredService<HttpSettings>().AdminToken,
            provider.GetRequiredService<HealthSettings>().Token,
            () => current.Snapshot is { IsUsable: true } usable ? usable.Services.Values : []
        );
    }
}
