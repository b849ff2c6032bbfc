using System.Text.Json;
using ThinDeployer.Otlp;
using ThinDeployer.Telemetry;

namespace ThinDeployer.Tests.Otlp;

public sealed class MetricJsonTests
{
    private static readonly DateTimeOffset Start = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000);
    private static readonly DateTimeOffset Now = Start + TimeSpan.FromMinutes(1);

    [Fact]
    public void A_counter_is_a_sum_that_only_grows_and_counts_from_the_start()
    {
        var metric = Single(text =>
        {
            text.Counter("cicd_pipeline_run_errors_total", "Errors.");
            text.Sample(3, new Label("cicd_pipeline_name", "site"), new Label("error_type", null));
        });

        AssertJson(
            """
            {"name":"cicd.pipeline.run.errors","description":"Errors.","unit":"{error}","sum":{"aggregationTemporality":2,
            "isMonotonic":true,"dataPoints":[{"attributes":[{"key":"cicd.pipeline.name","value":{"stringValue":"site"}}],
            "startTimeUnixNano":"1700000000000000000","timeUnixNano":"1700000060000000000","asInt":"3"}]}}
            """,
            metric
        );
    }

    [Fact]
    public void What_may_fall_by_the_conventions_is_a_sum_and_else_a_gauge()
    {
        var active = Single(text => text.Gauge("cicd_pipeline_run_active", "Active.", 2));
        var oldest = Single(text => text.Gauge("thindeployer_queue_oldest_seconds", "Oldest.", 2));

        Assert.False(active.GetProperty("sum").GetProperty("isMonotonic").GetBoolean());
        AssertJson(
            """{"dataPoints":[{"attributes":[],"timeUnixNano":"1700000060000000000","asDouble":2}]}""",
            oldest.GetProperty("gauge")
        );
    }

    [Fact]
    public void The_buckets_of_a_histogram_count_each_for_itself()
    {
        var histogram = new DurationHistogram();
        histogram.Add(TimeSpan.FromSeconds(0.5));
        histogram.Add(TimeSpan.FromSeconds(2));
        histogram.Add(TimeSpan.FromSeconds(2));
        histogram.Add(TimeSpan.FromDays(2));

        var point = Single(text =>
            {
                text.Begin("cicd_pipeline_run_duration_seconds", "histogram", "Duration.");
                text.Histogram(histogram);
            })
            .GetProperty("histogram")
            .GetProperty("dataPoints")[0];

        var counts = point.GetProperty("bucketCounts").EnumerateArray().Select(count => count.GetString()).ToList();
        Assert.Equal(["1", "2", "0"], counts.Take(3));
        Assert.Equal("1", counts[^1]);
        Assert.Equal(counts.Count - 1, point.GetProperty("explicitBounds").GetArrayLength());
        Assert.Equal("4", point.GetProperty("count").GetString());
        Assert.Equal(172_804.5, point.GetProperty("sum").GetDouble());
    }

    [Fact]
    public void A_family_without_samples_is_not_there() =>
        Assert.Empty(Written(text => text.Counter("thindeployer_http_refused_total", "Refused.")));

    private static JsonElement Single(Action<IMetricsWriter> write) => Assert.Single(Written(write));

    private static JsonElement[] Written(Action<IMetricsWriter> write)
    {
        var body = OtlpJson.Write(
            "Metrics",
            [],
            json =>
            {
                var metrics = new MetricJson(json, Start, Now);
                write(metrics);
                metrics.End();
            }
        );
        using var json = JsonDocument.Parse(body);
        var scope = json.RootElement.GetProperty("resourceMetrics")[0].GetProperty("scopeMetrics")[0];
        return [.. scope.GetProperty("metrics").EnumerateArray().Select(metric => metric.Clone())];
    }

    private static void AssertJson(string expected, JsonElement actual)
    {
        using var json = JsonDocument.Parse(expected);
        Assert.True(JsonElement.DeepEquals(json.RootElement, actual), actual.GetRawText());
    }
}
