using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using ThinDeployer.Configuration;
using ThinDeployer.Deployments;
using ThinDeployer.Http;
using ThinDeployer.Storage;

namespace ThinDeployer.Costs;

/// <summary>The core in this process, without a web server: what it allocates is ours.</summary>
internal sealed class MeasuredCore : IAsyncDisposable
{
    internal const string Token = "a-token-that-is-long-enough-to-be-safe";

    private readonly TemporaryFolder _folder = new();
    private readonly IHost _host;

    private MeasuredCore(string configuration)
    {
        var file = _folder.At("deployer.yml");
        File.WriteAllText(file, configuration.Replace("FOLDER", _folder.FullName, StringComparison.Ordinal));
        var settings = ServerSettings.Read(
            _ => null,
            name =>
                name switch
                {
                    "THIN_DEPLOYER_CONFIGURATION" => file,
                    "THIN_DEPLOYER_DATA" => _folder.At("data"),
                    "THIN_DEPLOYER_LOG_FILE_PREFIX" => _folder.At("log"),
                    "THIN_DEPLOYER_AUTH_FAILURES_PER_MINUTE" => "0",
                    _ => null,
                }
        );
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddThinDeployer(
            settings,
            LoadedConfiguration.Load(settings),
            HostProfile.Standalone with
            {
                LogsToConsole = false,
            }
        );
        _host = builder.Build();
        Routes = _host.Services.GetRequiredService<RouteTable>();
    }

    internal RouteTable Routes { get; }

    internal SqliteRecord Record => (SqliteRecord)_host.Services.GetRequiredService<EngineRoom>().Open!.Record;

    /// <summary>Since the start, as long as they are fewer than are copied back at once.</summary>
    internal long PagesWritten
    {
        get
        {
            // https://sqlite.org/fileformat2.html#walformat
            const int head = 32;
            const int frame = 24 + 4096;
            return (new FileInfo(Path.Join(_folder.At("data"), "deployments.db-wal")).Length - head) / frame;
        }
    }

    /// <summary>How often threads of this process have waited so far.</summary>
    internal static long Waits() =>
        Directory
            .EnumerateDirectories("/proc/self/task")
            .SelectMany(task => File.ReadLines(Path.Join(task, "status")))
            .Where(line => line.StartsWith("voluntary_ctxt_switches:", StringComparison.Ordinal))
            .Sum(line => long.Parse(line[(line.IndexOf(':') + 1)..], CultureInfo.InvariantCulture));

    internal static async Task<MeasuredCore> StartAsync(string configuration)
    {
        var core = new MeasuredCore(configuration);
        await core._host.StartAsync();
        return core;
    }

    /// <summary>A request as a server hands it over.</summary>
    internal static HttpContext Request(string service, string token)
    {
        var context = new DefaultHttpContext();
        context.Request.Method = "POST";
        context.Request.Path = $"/deploy/{service}";
        context.Request.Headers["X-Auth-Token"] = token;
        context.Connection.RemoteIpAddress = IPAddress.Loopback;
        context.Response.Body = new MemoryStream(new byte[4096]);
        return context;
    }

    /// <summary>Answers all, one after the other.</summary>
    /// <returns>Bytes that were allocated for each, by all threads.</returns>
    internal async Task<long> BytesPerRequestAsync(IReadOnlyList<HttpContext> requests, int status)
    {
        var before = GC.GetTotalAllocatedBytes(precise: true);
        foreach (var request in requests)
        {
            await Routes.HandleAsync(request);
        }

        var bytes = GC.GetTotalAllocatedBytes(precise: true) - before;
        Assert.All(requests, request => Assert.Equal(status, request.Response.StatusCode));
        return bytes / requests.Count;
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        await ((IAsyncDisposable)_host).DisposeAsync();
        _folder.Dispose();
    }
}
