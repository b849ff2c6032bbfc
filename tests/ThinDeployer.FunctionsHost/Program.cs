using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ThinDeployer.FunctionsHost;

if (HostOptions.Parse(args) is not { } options)
{
    await Console.Error.WriteLineAsync(HostOptions.Usage);
    return 2;
}

var host = HostJson.Read(options.Folder);
using var loggers = LoggerFactory.Create(logging =>
    logging.AddConfiguration(host.Logging).AddSimpleConsole(console => console.SingleLine = true)
);
var channels = new WorkerChannels();
await using var forWorkers = HostServers.ForWorkers(channels);
await using var forClients = HostServers.ForClients(
    options,
    services =>
        services
            .AddSingleton(options)
            .AddSingleton(provider => new WorkerSupervisor(
                options,
                host,
                channels,
                new WorkerLog(loggers),
                provider.GetRequiredService<IInlineConstraintResolver>()
            ))
            .AddSingleton<FunctionCalls>()
);
var workers = forClients.Services.GetRequiredService<WorkerSupervisor>();
var calls = forClients.Services.GetRequiredService<FunctionCalls>();
forClients.Run(calls.HandleAsync);
await forWorkers.StartAsync();
await forClients.StartAsync();

using var stopWorkers = new CancellationTokenSource();
using var restart = PosixSignalRegistration.Create(
    PosixSignal.SIGHUP,
    signal =>
    {
        signal.Cancel = true;
        workers.Restart();
    }
);
var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
var working = workers.RunAsync(new Uri(forWorkers.Urls.Single()), stopWorkers.Token);
await Task.WhenAny(workers.FirstReady.Task, working, told.Task);
if (workers.FirstReady.Task.IsCompleted)
{
    // The host's port answers earlier, and holds requests until now.
    Console.WriteLine($"The stand-in for the Functions host listens on {forClients.Urls.Single()}");
    Console.WriteLine($"ready in {(await workers.FirstReady.Task).TotalMilliseconds:0} ms");
}

await Task.WhenAny(working, told.Task);
Console.WriteLine("stopping: no new connections, requests in flight go on");
await forClients.StopAsync();
using (var drain = new CancellationTokenSource(options.InvocationDrain, TimeProvider.System))
{
    await calls.DrainAsync(drain.Token);
}

Console.WriteLine("the worker is told to stop");
await stopWorkers.CancelAsync();
var asTold = await working;
await forWorkers.StopAsync(new CancellationToken(canceled: true));
return asTold ? 0 : 1;

void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    told.TrySetResult();
}
