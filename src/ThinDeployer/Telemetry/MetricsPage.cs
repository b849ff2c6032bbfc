using ThinDeployer.Configuration;
using ThinDeployer.Deployments;
using ThinDeployer.Logging;
using ThinDeployer.Machines;
using ThinDeployer.Outbox;

namespace ThinDeployer.Telemetry;

/// <summary>
/// All that is counted, as a page for Prometheus or for who sends it. What counts stands in memory, so that the page waits neither for the queue nor
/// for a disk that is busy.
/// </summary>
/// <param name="dataFolder">Full path; its disk is looked at.</param>
internal sealed class MetricsPage(
    DeploymentCounts deployments,
    LastEnds ends,
    RequestCounts requests,
    OutboxCounts outbox,
    SpanCounts spans,
    ConfigurationWatch configuration,
    CurrentConfiguration current,
    EngineRoom engine,
    LogOutputs log,
    FrontRoom front,
    string dataFolder
)
{
    private static readonly string Version =
        typeof(MetricsPage).Assembly.GetName().Version?.ToString(fieldCount: 3) ?? "";

    internal string Write()
    {
        var text = new MetricsText();
        Write(text);
        return text.ToString();
    }

    internal void Write(IMetricsWriter text)
    {
        DeploymentFamilies.Write(text, deployments.Now());
        WriteEnds(text);
        WriteRequests(text);
        WriteNotifications(text);
        WriteConfiguration(text);
        WriteMachines(text);
        WriteServer(text);
        ProcessFigures.Write(text);
    }

    private void WriteEnds(IMetricsWriter text)
    {
        IReadOnlyDictionary<string, LastEnd> known;
        try
        {
            known = ends.Now();
        }
        catch (RecordUnavailableException)
        {
            // The record says so itself, and the next look may be luckier.
            return;
        }

        var ordered = known.OrderBy(one => one.Key, StringComparer.Ordinal).ToList();
        text.Gauge(
            "thindeployer_last_success_timestamp_seconds",
            "When the last deployment that succeeded ended; a service that never had one is missing."
        );
        foreach (var (service, end) in ordered)
        {
            if (end.SucceededAt is { } at)
            {
                text.Sample(Seconds(at), new Label("service", service));
            }
        }

        text.Gauge(
            "thindeployer_last_deployment_success",
            "Whether the last deployment that began succeeded; a service that was never deployed is missing."
        );
        foreach (var (service, end) in ordered.Where(one => one.Value.Sequence > 0))
        {
            text.Sample(end.Status is DeploymentStatus.Succeeded ? 1 : 0, new Label("service", service));
        }
    }

    private void WriteRequests(IMetricsWriter text)
    {
        text.Counter("thindeployer_http_refused_total", "Requests that were not let in, by reason.");
        foreach (var (reason, count) in requests.Refusals.OrderBy(one => one.Key, StringComparer.Ordinal))
        {
            text.Sample(count, new Label("reason", reason));
        }

        text.Counter("thindeployer_deliveries_total", "Requests to deploy that were let in, by sender and outcome.");
        foreach (var ((sender, outcome), count) in requests.Deliveries.OrderBy(one => one.Key))
        {
            text.Sample(count, new Label("sender", sender), new Label("outcome", outcome));
        }
    }

    private void WriteNotifications(IMetricsWriter text)
    {
        text.Counter("thindeployer_notifications_total", "Notifications, by kind and outcome.");
        var told = outbox.All;
        foreach (var count in told)
        {
            Notified(count.Kind, "sent", count.Sent);
            Notified(count.Kind, "failed", count.Failed);
            Notified(count.Kind, "dropped", count.Dropped);
        }

        text.Counter("thindeployer_spans_total", "Spans of traces for OpenTelemetry, by outcome.");
        text.Sample(spans.Sent, new Label("outcome", "sent"));
        text.Sample(spans.Dropped, new Label("outcome", "dropped"));
        text.Sample(spans.Rejected, new Label("outcome", "rejected"));
        text.Counter("cicd_system_errors_total", "Errors of the server itself, by component.");
        Errors("notifications", "not_sent", told.Sum(count => count.Failed + count.Dropped));
        Errors("configuration", "mistakes", configuration.Refused);
        Errors("record", "not_written", engine.Open?.Record.Failures ?? 0);
        Errors("log", "lines_dropped", log.Lost);

        void Notified(string kind, string outcome, long count) =>
            text.Sample(count, new Label("kind", kind), new Label("outcome", outcome));

        void Errors(string component, string type, long count) =>
            text.Sample(count, new Label("cicd_system_component", component), new Label("error_type", type));
    }

    private void WriteConfiguration(IMetricsWriter text)
    {
        var isGood = current.Snapshot.IsUsable && current.RefusedMistakes.Count == 0;
        text.Gauge(
            "thindeployer_config_last_reload_success",
            "Whether the configuration had no mistakes when it was read last.",
            isGood ? 1 : 0
        );
        text.Gauge(
            "thindeployer_config_last_reload_timestamp_seconds",
            "When the configuration was read last and had no mistakes.",
            configuration.GoodAt is { } at ? Seconds(at) : null
        );
    }

    /// <summary>Of a front; any other server has nothing of it.</summary>
    private void WriteMachines(IMetricsWriter text)
    {
        if (front is not { Line: { } line, Registry: { } registry })
        {
            return;
        }

        text.Gauge(
            "thindeployer_broker_up",
            "Whether the broker that leads to other machines can be used.",
            line.Trouble is null ? 1 : 0
        );
        text.Gauge("thindeployer_machines", "Machines of this front, by state.");
        var all = registry.All();
        foreach (var state in Enum.GetValues<MachineState>())
        {
            text.Sample(all.Count(machine => machine.State == state), new Label("state", state.Name()));
        }
    }

    private void WriteServer(IMetricsWriter text)
    {
        text.Gauge("thindeployer_build_info", "Always 1; the label says which version runs.");
        text.Sample(1, new Label("version", Version));
        text.Gauge(
            "thindeployer_database_bytes",
            "Size of the record, with its write-ahead log.",
            engine.Open?.Record.Bytes
        );
        text.Gauge("thindeployer_log_bytes", "Size of the log file, with those that were rotated.", log.FileBytes);
        text.Counter("thindeployer_log_dropped_lines_total", "Lines that the log lost.", log.Lost);
        try
        {
            var disk = new DriveInfo(dataFolder);
            text.Gauge(
                "thindeployer_data_free_bytes",
                "Room on the disk of the data folder that the server may use.",
                disk.AvailableFreeSpace
            );
            text.Gauge("thindeployer_data_size_bytes", "Size of the disk of the data folder.", disk.TotalSize);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // What is missing is seen to be missing.
        }
    }

    private static double Seconds(DateTimeOffset time) => time.ToUnixTimeMilliseconds() / 1000.0;
}
