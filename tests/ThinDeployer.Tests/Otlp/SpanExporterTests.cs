using Microsoft.Extensions.Logging.Abstractions;
using ThinDeployer.Configuration;
using ThinDeployer.Deployments;
using ThinDeployer.Otlp;
using ThinDeployer.Telemetry;

namespace ThinDeployer.Tests.Otlp;

/// <summary>What is queued while nobody sends. That it is sent, the contract tests.</summary>
#pragma warning disable CA1001 // Its Dispose disposes of it.
public sealed class SpanExporterTests : IDisposable
#pragma warning restore CA1001
{
    private const string Unsampled = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00";

    private readonly SpanCounts _counts = new();
    private readonly Collector _collector;
    private readonly SpanExporter _exporter;

    public SpanExporterTests()
    {
        var settings = new OtlpSettings();
        _collector = new Collector(
            new Uri("http://127.0.0.1:9"),
            "traces",
            settings,
            TimeProvider.System,
            NullLogger<Collector>.Instance
        );
        _exporter = new SpanExporter(_collector, settings, _counts, TimeProvider.System);
    }

    public void Dispose() => _collector.Dispose();

    [Fact]
    public void What_finds_no_room_is_counted_and_holds_nobody_up()
    {
        for (var i = 0; i < SpanQueue.MaximumSpans + 3; i++)
        {
            _exporter.CutOff(Entry(caller: null));
        }

        Assert.Equal(3, _counts.Dropped);
        Assert.Equal(0, _counts.Sent);
    }

    [Fact]
    public void What_its_caller_does_not_record_takes_no_room()
    {
        for (var i = 0; i < SpanQueue.MaximumSpans + 3; i++)
        {
            _exporter.CutOff(Entry(Unsampled));
        }

        Assert.Equal(0, _counts.Dropped);
    }

    private static DeploymentEntry Entry(string? caller) =>
        new()
        {
            Sequence = 1,
            Id = "01890a5d-ac96-774b-bcce-b302099a8057",
            Service = "site",
            Status = DeploymentStatus.Interrupted,
            AcceptedAt = DateTimeOffset.UnixEpoch,
            Trigger = new DeploymentTrigger("127.0.0.1", "POST", Who: null) { TraceParent = TraceParent.Parse(caller) },
            Values = new Dictionary<string, string>(),
        };
}
