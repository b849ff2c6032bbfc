using System.Diagnostics;

namespace ThinDeployer.Bench.Load;

/// <summary>A number of requests by a number of clients, each with a connection and a thread. wrk only knows durations.</summary>
internal static class ExactLoad
{
    /// <exception cref="BenchFaultException">An answer was not 2xx.</exception>
    internal static async Task<ExactResult> RunAsync(
        int port,
        byte[] request,
        int count,
        int clients,
        CancellationToken cancellationToken
    )
    {
        var left = count;
        var started = Stopwatch.GetTimestamp();
        var latencies = await Task.WhenAll(Enumerable.Range(0, clients).Select(_ => OnThread(Client)));
        return new ExactResult(Stopwatch.GetElapsedTime(started), [.. latencies.SelectMany(each => each)]);

        List<double> Client()
        {
            var taken = new List<double>();
            using var connection = RawConnection.Open(port);
            while (Interlocked.Decrement(ref left) >= 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var sent = Stopwatch.GetTimestamp();
                var status = connection.Exchange(request);
                taken.Add(Stopwatch.GetElapsedTime(sent).TotalMilliseconds);
                if (status / 100 != 2)
                {
                    throw new BenchFaultException($"a request that must be accepted was answered by {status}");
                }
            }

            return taken;
        }
    }

    private static Task<T> OnThread<T>(Func<T> run) =>
        Task.Factory.StartNew(run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
}

/// <param name="Duration">From the first connection to the last answer.</param>
/// <param name="Latencies">Milliseconds of each request, in no order.</param>
internal sealed record ExactResult(TimeSpan Duration, IReadOnlyList<double> Latencies)
{
    internal double PerSecond => Latencies.Count / Duration.TotalSeconds;
}
