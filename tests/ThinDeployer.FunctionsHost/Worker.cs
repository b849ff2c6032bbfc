using Google.Protobuf.WellKnownTypes;
using ThinDeployer.FunctionsHost.Rpc;

namespace ThinDeployer.FunctionsHost;

/// <summary>One worker, from its start to its end.</summary>
internal sealed class Worker : IDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly WorkerProcess _process;
    private readonly string _folder;

    internal Worker(WorkerChannel channel, string folder, Uri rpc)
    {
        Channel = channel;
        _folder = folder;
        _process = WorkerProcess.Start(folder, rpc, channel.WorkerId);
        Console.WriteLine($"worker {_process.Id} started");
        Exit = AwaitExitAsync();
    }

    internal WorkerChannel Channel { get; }

    /// <summary>Where it listens itself; null until it is ready.</summary>
    internal Uri? Address { get; private set; }

    /// <summary>Its exit code, once it has ended.</summary>
    internal Task<int> Exit { get; }

    /// <summary>Gets to know it and loads its functions.</summary>
    /// <exception cref="IOException">It went away meanwhile.</exception>
    /// <exception cref="InvalidOperationException">It refused something.</exception>
    internal async Task<IReadOnlyList<HttpFunction>> LoadAsync(CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(StartLimit, TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        await Channel.Begun.WaitAsync(either.Token);
        var init = await Channel.AskAsync(Init(), either.Token);
        Check(init.WorkerInitResponse.Result, "the worker's start");
        var told = await Channel.AskAsync(
            new StreamingMessage { FunctionsMetadataRequest = new() { FunctionAppDirectory = _folder } },
            either.Token
        );
        Check(told.FunctionMetadataResponse.Result, "the list of functions");
        var functions = told.FunctionMetadataResponse.FunctionMetadataResults;
        await Task.WhenAll(functions.Select(function => LoadAsync(function, either.Token)));
        Address = new Uri(init.WorkerInitResponse.Capabilities["HttpUri"]);
        return [.. functions.Select(HttpFunction.Of)];
    }

    /// <summary>Tells it to stop, and kills it if that takes too long.</summary>
    internal async Task StopAsync(TimeSpan killAfter)
    {
        Channel.Tell(
            new StreamingMessage
            {
                WorkerTerminate = new WorkerTerminate { GracePeriod = Duration.FromTimeSpan(HostOptions.WorkerGrace) },
            }
        );
        await _process.EndWithinAsync(killAfter);
        await Exit;
    }

    public void Dispose() => _process.Dispose();

    private async Task<int> AwaitExitAsync()
    {
        var code = await _process.ExitAsync();
        Console.WriteLine($"worker {_process.Id} ended with {code}");
        Channel.Break();
        return code;
    }

    private async Task LoadAsync(RpcFunctionMetadata function, CancellationToken cancellationToken)
    {
        var question = new FunctionLoadRequest { FunctionId = function.FunctionId, Metadata = function };
        var answer = await Channel.AskAsync(new StreamingMessage { FunctionLoadRequest = question }, cancellationToken);
        Check(answer.FunctionLoadResponse.Result, function.Name);
    }

    private StreamingMessage Init() =>
        new()
        {
            WorkerInitRequest = new WorkerInitRequest
            {
                HostVersion = "4.0.0.0",
                WorkerDirectory = _folder,
                FunctionAppDirectory = _folder,
            },
        };

    private static void Check(StatusResult result, string what)
    {
        if (result.Status != StatusResult.Types.Status.Success)
        {
            throw new InvalidOperationException($"{what} failed: {result.Exception?.Message}");
        }
    }
}
