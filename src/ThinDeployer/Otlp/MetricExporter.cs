using System.Text.Json;
using ThinDeployer.Telemetry;

namespace ThinDeployer.Otlp;

/// <summary>Sends all metrics now and then. What is not taken is not sent again: the next ones count from the start, too.</summary>
/// <param name="write">Writes all that there is.</param>
internal sealed class MetricExporter(
    Collector collector,
    IReadOnlyList<KeyValuePair<string, string>> resource,
    TimeSpan interval,
    Action<IMetricsWriter> write,
    TimeProvider time
)
{
    private readonly DateTimeOffset _startedAt = time.GetUtcNow();

    /// <summary>Sends until it is told to end, and then once more. Once only: it closes its collector.</summary>
    /// <param name="ending">Cancelled when the program ends.</param>
    /// <param name="end">Cancelled when nothing is sent any more.</param>
    internal async Task RunAsync(CancellationToken ending, CancellationToken end)
    {
        using var owned = collector;
        bool isLast;
        do
        {
            await WaitAsync(ending);
            isLast = ending.IsCancellationRequested;
            await collector.SendAsync(OtlpJson.Write("Metrics", resource, Write), end);
        } while (!isLast);
    }

    private void Write(Utf8JsonWriter json)
    {
        var metrics = new MetricJson(json, _startedAt, time.GetUtcNow());
        write(metrics);
        metrics.End();
    }

    private async Task WaitAsync(CancellationToken ending)
    {
        try
        {
            await Task.Delay(interval, time, ending);
        }
        catch (OperationCanceledException)
        {
            // The last ones.
        }
    }
}
