namespace ThinDeployer.Telemetry;

/// <summary>
/// The families of deployments. Their names are those of OpenTelemetry's conventions for CI/CD, as Prometheus writes them
/// (https://opentelemetry.io/docs/specs/semconv/cicd/cicd-metrics/).
/// </summary>
internal static class DeploymentFamilies
{
    internal static void Write(IMetricsWriter text, IReadOnlyList<ServiceView> services)
    {
        WriteDurations(text, services);
        WriteActive(text, services);
        WriteErrors(text, services);
        WriteEnds(text, services);
        text.Gauge(
            "thindeployer_queue_oldest_seconds",
            "How long the oldest deployment that waits has waited; 0 where none does."
        );
        foreach (var view in services)
        {
            text.Sample(Math.Max(0, view.OldestQueued.TotalSeconds), new Label("service", view.Service));
        }
    }

    private static void WriteDurations(IMetricsWriter text, IReadOnlyList<ServiceView> services)
    {
        text.Begin(
            "cicd_pipeline_run_duration_seconds",
            "histogram",
            "How long deployments waited (pending), ran (executing), and their hooks ran (finalizing)."
        );
        foreach (var view in services)
        {
            foreach (var ((state, result, error), histogram) in view.Counts.Durations)
            {
                text.Histogram(
                    histogram,
                    new Label("cicd_pipeline_name", view.Service),
                    new Label("cicd_pipeline_run_state", state),
                    new Label("cicd_pipeline_result", result),
                    new Label("error_type", error)
                );
            }
        }
    }

    private static void WriteActive(IMetricsWriter text, IReadOnlyList<ServiceView> services)
    {
        text.Gauge("cicd_pipeline_run_active", "Deployments that wait (pending) and run (executing) now.");
        foreach (var view in services)
        {
            Active(view, "pending", view.Pending);
            Active(view, "executing", view.Executing);
        }

        void Active(ServiceView view, string state, int count) =>
            text.Sample(
                count,
                new Label("cicd_pipeline_name", view.Service),
                new Label("cicd_pipeline_run_state", state)
            );
    }

    private static void WriteErrors(IMetricsWriter text, IReadOnlyList<ServiceView> services)
    {
        text.Counter("cicd_pipeline_run_errors_total", "Steps that failed, and deployments that were cut off.");
        foreach (var view in services)
        {
            foreach (var (type, count) in view.Counts.Errors)
            {
                text.Sample(count, new Label("cicd_pipeline_name", view.Service), new Label("error_type", type));
            }
        }
    }

    private static void WriteEnds(IMetricsWriter text, IReadOnlyList<ServiceView> services)
    {
        text.Counter(
            "thindeployer_deployments_total",
            "Deployments that ended, by result; also those that never began."
        );
        foreach (var view in services)
        {
            foreach (var (result, count) in view.Counts.Ends)
            {
                text.Sample(count, new Label("service", view.Service), new Label("result", result));
            }
        }
    }
}
