using System.Security.Cryptography;
using ThinDeployer.Configuration;
using ThinDeployer.Deployments;
using ThinDeployer.Telemetry;

namespace ThinDeployer.Otlp;

/// <summary>
/// Sends a span for each deployment that ended, and for each of its steps. It holds nothing up: who tells it of an end only puts
/// that into a queue.
/// </summary>
internal sealed class SpanExporter(Collector collector, OtlpSettings settings, SpanCounts counts, TimeProvider time)
    : IDeploymentListener
{
    /// <summary>How long one batch is tried.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    internal static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(20);

    /// <summary>The most that a collector may ask for.</summary>
    private static readonly TimeSpan LongestAsked = TimeSpan.FromMinutes(5);

    private readonly SpanQueue _queue = new(settings.BatchTime, time);

    /// <summary>One that was cut off before is told then.</summary>
    public void Ended(Deployment deployment, DeploymentResult result)
    {
        if (deployment.Accepted.Status is DeploymentStatus.Waiting or DeploymentStatus.Queued)
        {
            Add(result.Entry);
        }
    }

    public void CutOff(DeploymentEntry entry) => Add(entry);

    /// <summary>The rollback of one that was cut off comes after its own span.</summary>
    public void StepEnded(Deployment deployment, StepResult step)
    {
        if (
            deployment.Accepted.Status is not (DeploymentStatus.Waiting or DeploymentStatus.Queued)
            && IsSampled(deployment.Accepted)
        )
        {
            var number = deployment.Steps.Count(other => other.Hook == step.Hook);
            Add(EndedSpans.Of(deployment.Accepted, step, number));
        }
    }

    /// <summary>Sends until it is told to end, and then what waits. Once only: it closes its collector.</summary>
    /// <param name="ending">Cancelled when nothing further comes.</param>
    /// <param name="end">Cancelled when nothing is sent any more.</param>
    internal async Task RunAsync(CancellationToken ending, CancellationToken end)
    {
        using var owned = collector;
        while (await _queue.TakeAsync(ending) is var batch && (batch.Count > 0 || !ending.IsCancellationRequested))
        {
            if (batch.Count > 0)
            {
                await SendAsync(batch, ending, end);
            }
        }
    }

    private static bool IsSampled(DeploymentEntry entry) => DeploymentTrace.Of(entry).IsSampled;

    private void Add(DeploymentEntry entry)
    {
        if (IsSampled(entry))
        {
            Add(EndedSpans.Of(entry));
        }
    }

    private void Add(EndedSpans spans)
    {
        if (!_queue.TryAdd(spans))
        {
            counts.Drop(spans.Count);
        }
    }

    private async Task SendAsync(IReadOnlyList<EndedSpans> batch, CancellationToken ending, CancellationToken end)
    {
        var count = batch.Sum(spans => spans.Count);
        var body = OtlpJson.Write(
            "Spans",
            settings.Resource,
            json =>
            {
                foreach (var spans in batch)
                {
                    SpanJson.Write(json, spans);
                }
            }
        );
        var begin = time.GetTimestamp();
        for (var pause = FirstPause; ; pause = Shorter(pause * 2, LongestPause))
        {
            switch (await collector.SendAsync(body, end))
            {
                case OtlpAnswer.Taken(var rejected, _):
                    counts.Send(Math.Max(0, count - rejected));
                    counts.Reject(Math.Min(count, rejected));
                    return;
                case OtlpAnswer.TryAgain(_, var asked) when !ending.IsCancellationRequested:
                    var wait =
                        asked is { } after && after > TimeSpan.Zero ? Shorter(after, LongestAsked) : Jittered(pause);
                    if (time.GetElapsedTime(begin) + wait > Patience)
                    {
                        counts.Drop(count);
                        await WaitAsync(asked is null ? TimeSpan.Zero : wait, ending);
                        return;
                    }

                    await WaitAsync(wait, ending);
                    break;
                default:
                    counts.Drop(count);
                    return;
            }
        }
    }

    /// <summary>Servers that lost their collector together don't come back together.</summary>
    private static TimeSpan Jittered(TimeSpan pause) => pause * (RandomNumberGenerator.GetInt32(75, 126) / 100.0);

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private async Task WaitAsync(TimeSpan wait, CancellationToken ending)
    {
        try
        {
            await Task.Delay(wait, time, ending);
        }
        catch (OperationCanceledException)
        {
            // The server ends: it is tried once more.
        }
    }
}
