using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ThinDeployer.Functions.Tests.StandIn;

/// <summary>
/// Serves the app as the Functions host and its worker do, in one process. Like the real one it takes no switches:
/// all settings are environment variables.
/// </summary>
internal static class StandInHost
{
    /// <summary>How long the host lets a worker stop.</summary>
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(5);

    internal static async Task RunAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRouting();
        builder.Services.AddThinDeployer();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port: 0));
        await using var app = builder.Build();
        app.UseRouter(
            FunctionRoutes.Of(
                HttpFunction.OfApp,
                await RoutePrefixAsync(),
                app.Services.GetRequiredService<IInlineConstraintResolver>()
            )
        );
        await using var end = KillLate(app.Lifetime);
        await app.StartAsync();
        Console.WriteLine($"The stand-in listens on {string.Join(", ", app.Urls)}");
        await app.WaitForShutdownAsync();
    }

    private static async Task<string> RoutePrefixAsync()
    {
        var file = Path.Combine(AppContext.BaseDirectory, "host.json");
        using var host = JsonDocument.Parse(await File.ReadAllTextAsync(file));
        return host.RootElement.GetProperty("extensions").GetProperty("http").GetProperty("routePrefix").GetString()!;
    }

    /// <summary>The host kills a worker that takes too long; the exit code then tells.</summary>
    private static ITimer KillLate(IHostApplicationLifetime lifetime)
    {
        var kill = TimeProvider.System.CreateTimer(
            _ => System.Diagnostics.Process.GetCurrentProcess().Kill(),
            state: null,
            Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan
        );
        lifetime.ApplicationStopping.Register(() => kill.Change(StopLimit, Timeout.InfiniteTimeSpan));
        return kill;
    }
}
