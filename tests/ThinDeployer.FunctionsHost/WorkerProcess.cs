using System.Diagnostics;

namespace ThinDeployer.FunctionsHost;

/// <summary>
/// The process of a worker, started as the host starts it. It outlives a host that dies, so its number is printed.
/// </summary>
internal sealed class WorkerProcess : IDisposable
{
    /// <summary>Bytes; without it, a worker ends at its first message.</summary>
    private const string MaximumMessage = "2147483647";

    private readonly Process _process;

    private WorkerProcess(Process process) => _process = process;

    internal int Id => _process.Id;

    internal static WorkerProcess Start(string folder, Uri rpc, string workerId)
    {
        var config = WorkerConfig.Read(folder);
        var start = new ProcessStartInfo(
            config.Executable,
            [
                Path.Combine(folder, config.Worker),
                "--host",
                rpc.Host,
                "--port",
                $"{rpc.Port}",
                "--workerId",
                workerId,
                "--requestId",
                $"{Guid.NewGuid()}",
                "--grpcMaxMessageLength",
                MaximumMessage,
                "--functions-uri",
                $"{rpc}",
                "--functions-worker-id",
                workerId,
                "--functions-request-id",
                $"{Guid.NewGuid()}",
                "--functions-grpc-max-message-length",
                MaximumMessage,
            ]
        )
        {
            UseShellExecute = false,
            WorkingDirectory = folder,
        };
        start.Environment["FUNCTIONS_APPLICATION_DIRECTORY"] = folder;
        start.Environment["FUNCTIONS_WORKER_DIRECTORY"] = folder;
        return new WorkerProcess(
            Process.Start(start) ?? throw new InvalidOperationException("The worker's process is not a new one")
        );
    }

    /// <returns>The exit code.</returns>
    internal async Task<int> ExitAsync()
    {
        await _process.WaitForExitAsync();
        return _process.ExitCode;
    }

    /// <summary>Waits for its end, and kills it if it takes longer.</summary>
    internal async Task EndWithinAsync(TimeSpan grace)
    {
        try
        {
            await ExitAsync().WaitAsync(grace, TimeProvider.System);
        }
        catch (TimeoutException)
        {
            Console.WriteLine($"worker {Id} killed: it did not stop within {grace.TotalSeconds:0} s");
            _process.Kill();
            await ExitAsync();
        }
    }

    public void Dispose() => _process.Dispose();
}
