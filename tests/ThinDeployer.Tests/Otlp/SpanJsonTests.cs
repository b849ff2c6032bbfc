using System.Text.Json;
using ThinDeployer.Deployments;
using ThinDeployer.Otlp;

namespace ThinDeployer.Tests.Otlp;

public sealed class SpanJsonTests
{
    private const string Id = "01890a5d-ac96-774b-bcce-b302099a8057";
    private const string Caller = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    private static readonly DateTimeOffset Start = DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_123);

    [Fact]
    public void Ids_are_hexadecimal_times_are_texts_and_enums_are_numbers()
    {
        var span = Written(Entry())[0];

        Assert.Equal("01890a5dac96774bbcceb302099a8057", span.GetProperty("traceId").GetString());
        Assert.Equal("bcceb302099a8057", span.GetProperty("spanId").GetString());
        Assert.Equal("1700000000123000000", span.GetProperty("startTimeUnixNano").GetString());
        Assert.Equal("1700000002123000000", span.GetProperty("endTimeUnixNano").GetString());
        Assert.Equal(2, span.GetProperty("kind").GetInt32());
        Assert.Equal(0x101, span.GetProperty("flags").GetInt32());
    }

    [Fact]
    public void A_step_has_the_span_that_it_was_told()
    {
        var entry = Entry() with { Trigger = Trigger(Caller), Steps = [Step("one"), Step("two")] };

        var spans = Written(entry);

        Assert.Equal("00f067aa0ba902b7", spans[0].GetProperty("parentSpanId").GetString());
        Assert.Equal(0x301, spans[0].GetProperty("flags").GetInt32());
        Assert.Equal(
            $"00-4bf92f3577b34da6a3ce929d0e0e4736-{spans[2].GetProperty("spanId").GetString()}-01",
            DeploymentTrace.Of(entry).TraceParentOf("2")
        );
        Assert.Equal(3, spans.Select(span => span.GetProperty("spanId").GetString()).Distinct().Count());
    }

    [Fact]
    public void A_clock_that_was_set_back_gives_no_span_that_ends_before_it_begins()
    {
        var span = Written(Entry() with { FinishedAt = Start - TimeSpan.FromHours(1) })[0];

        Assert.Equal(
            span.GetProperty("startTimeUnixNano").GetString(),
            span.GetProperty("endTimeUnixNano").GetString()
        );
    }

    [Theory]
    [InlineData("refs/heads/a/b", "a/b", "branch")]
    [InlineData("refs/tags/v1", "v1", "tag")]
    [InlineData("main", "main", null)]
    [InlineData(null, null, null)]
    public void A_ref_is_told_by_its_name(string? reference, string? name, string? type)
    {
        var span = Written(Entry() with { Trigger = Trigger(caller: null) with { Ref = reference } })[0];

        Assert.Equal(name, Attribute(span, "vcs.ref.head.name"));
        Assert.Equal(type, Attribute(span, "vcs.ref.head.type"));
    }

    [Fact]
    public void A_long_text_is_cut_and_no_character_is_halved()
    {
        var command = new string('x', OtlpJson.LongestText - 1) + "\U0001F680" + "more";

        var span = Written(Entry() with { Steps = [Step(command)] })[1];

        Assert.Equal(new string('x', OtlpJson.LongestText - 1) + "…", span.GetProperty("name").GetString());
    }

    [Fact]
    public void One_that_never_began_is_told_without_the_time_that_it_waited()
    {
        var span = Written(Entry() with { Status = DeploymentStatus.Cancelled, StartedAt = null })[0];

        Assert.Equal("cancellation", Attribute(span, "cicd.pipeline.result"));
        Assert.Null(Attribute(span, "thindeployer.queue.duration"));
        Assert.False(span.TryGetProperty("status", out _));
    }

    private static DeploymentEntry Entry() =>
        new()
        {
            Sequence = 1,
            Id = Id,
            Service = "site",
            Status = DeploymentStatus.Succeeded,
            AcceptedAt = Start,
            StartedAt = Start + TimeSpan.FromSeconds(1),
            FinishedAt = Start + TimeSpan.FromSeconds(2),
            Trigger = Trigger(caller: null),
            Values = new Dictionary<string, string>(),
        };

    private static DeploymentTrigger Trigger(string? caller) =>
        new("127.0.0.1", "POST", Who: null) { TraceParent = TraceParent.Parse(caller) };

    private static StepResult Step(string command) =>
        new(command, DeploymentStatus.Succeeded, 0, 1, Message: null, Start, TimeSpan.FromSeconds(1));

    private static JsonElement[] Written(DeploymentEntry entry)
    {
        var body = OtlpJson.Write("Spans", [], json => SpanJson.Write(json, EndedSpans.Of(entry)));
        using var json = JsonDocument.Parse(body);
        var scope = json.RootElement.GetProperty("resourceSpans")[0].GetProperty("scopeSpans")[0];
        return [.. scope.GetProperty("spans").EnumerateArray().Select(span => span.Clone())];
    }

    private static string? Attribute(JsonElement span, string name) =>
        span.GetProperty("attributes")
            .EnumerateArray()
            .Where(attribute => attribute.GetProperty("key").GetString() == name)
            .Select(attribute => attribute.GetProperty("value").GetProperty("stringValue").GetString())
            .SingleOrDefault();
}
