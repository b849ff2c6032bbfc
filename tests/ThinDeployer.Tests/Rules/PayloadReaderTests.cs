using System.Text;
using System.Text.Json;
using CsCheck;
using ThinDeployer.Rules;

namespace ThinDeployer.Tests.Rules;

public sealed class PayloadReaderTests
{
    private static readonly (string, string) Form = ("Content-Type", "application/x-www-form-urlencoded");

    [Theory]
    [InlineData("application/json")]
    [InlineData("Application/JSON; charset=utf-8")]
    [InlineData("application/vnd.github+json")]
    [InlineData("application/cloudevents+json ; x=y")]
    public void A_body_that_says_that_it_is_json_is_read(string type) =>
        Assert.IsType<Payload.Tree>(RuleSample.Request("""{"a": 1}""", ("Content-Type", type)).Payload);

    [Theory]
    [InlineData("text/plain")]
    [InlineData("+json")]
    [InlineData("application/jsonp")]
    [InlineData("")]
    [InlineData("application/x-www-form-urlencoded")]
    public void Of_another_nothing_is_known(string type) =>
        Assert.IsType<Payload.None>(RuleSample.Request("""{"a": 1}""", ("Content-Type", type)).Payload);

    [Fact]
    public void Without_a_type_nothing_is_known() => Assert.IsType<Payload.None>(RuleSample.Request("{}").Payload);

    [Theory]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("multipart/form-data; boundary=x")]
    public void A_form_carries_it_as_an_argument(string type)
    {
        var request = RuleSample.Request([], address: null, [], [("payload", "[1]")], ("Content-Type", type));

        Assert.IsType<Payload.Tree>(request.Payload);
    }

    [Fact]
    public void An_argument_of_the_query_is_none() =>
        Assert.IsType<Payload.None>(RuleSample.Request([], address: null, [("payload", "[1]")], [], Form).Payload);

    [Fact]
    public void Two_in_one_form_are_broken() =>
        Assert.IsType<Payload.Broken>(
            RuleSample.Request([], address: null, [], [("payload", "1"), ("payload", "1")], Form).Payload
        );

    [Fact]
    public void Two_types_are_broken() =>
        Assert.IsType<Payload.Broken>(RuleSample.Request("{}", RuleSample.Json, RuleSample.Json).Payload);

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("{", "is no JSON (line 1")]
    [InlineData("{'a': 1}", "is no JSON (line 1, byte 2)")]
    [InlineData("{}\n{}", "is no JSON (line 2")]
    [InlineData("{} // x", "is no JSON")]
    [InlineData("[1,]", "is no JSON")]
    [InlineData("[NaN]", "is no JSON")]
    [InlineData("\uFEFF", "is empty")]
    [InlineData("\uFEFF\uFEFF{}", "is no JSON")]
    [InlineData("{}\uFEFF", "is no JSON")]
    [InlineData("""{"a": 1, "a": 1}""", "twice")]
    [InlineData("""{"a": 1, "\u0061": 2}""", "twice")]
    [InlineData("""[{"b": {"a": 1, "a": 1}}]""", "twice")]
    [InlineData("""["\ud800"]""", "half a character")]
    [InlineData("""{"\udc00x": 1}""", "half a character")]
    public void What_two_readers_may_understand_in_two_ways_is_broken(string json, string reason)
    {
        var broken = Assert.IsType<Payload.Broken>(PayloadReader.Parse(Encoding.UTF8.GetBytes(json)));

        Assert.Contains(reason, broken.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_byte_order_mark_before_it_means_nothing()
    {
        var payload = PayloadReader.Parse((byte[])[0xEF, 0xBB, 0xBF, .. "[1]"u8]);

        Assert.Equal(1, Assert.IsType<Payload.Tree>(payload).Root.GetArrayLength());
    }

    [Theory]
    [InlineData("""{"ref": "x"}""", "text/plain; charset=utf-8", "is \"text/plain\"")]
    [InlineData(" \r\n[1]", "application/x-www-form-urlencoded", "is \"application/x-www-form-urlencoded\"")]
    [InlineData("\uFEFF{", "text/json", "is \"text/json\"")]
    [InlineData("{}", "", "says something else, or nothing")]
    [InlineData("a=1", "application/x-www-form-urlencoded", null)]
    [InlineData("hello", "text/plain", null)]
    [InlineData("", "text/plain", null)]
    public void What_looks_like_json_and_does_not_count_says_why(string body, string type, string? why)
    {
        var none = Assert.IsType<Payload.None>(RuleSample.Request(body, ("Content-Type", type)).Payload);

        Assert.Equal(
            why is null
                ? null
                : $"the body does not count as JSON, because its Content-Type {why}: send -H \"Content-Type: application/json\"",
            none.Hint
        );
    }

    [Fact]
    public void Bytes_that_are_no_text_are_broken() =>
        Assert.Equal(
            new Payload.Broken("is not valid UTF-8"),
            PayloadReader.Parse((byte[])[.. "\"a"u8, 0xFF, .. "\""u8])
        );

    [Theory]
    [InlineData(64, true)]
    [InlineData(65, false)]
    [InlineData(100_000, false)]
    public void It_has_up_to_64_levels(int levels, bool isRead)
    {
        var payload = PayloadReader.Parse(Encoding.UTF8.GetBytes(new string('[', levels) + new string(']', levels)));

        Assert.Equal(isRead, payload is Payload.Tree);
        Assert.Equal(!isRead, payload is Payload.Broken("has more than 64 levels"));
    }

    [Fact]
    public void It_has_a_bounded_number_of_values() =>
        Assert.IsType<Payload.Broken>(
            PayloadReader.Parse(
                Encoding.UTF8.GetBytes($"[{string.Join(',', Enumerable.Repeat(0, PayloadReader.MaximumValues))}]")
            )
        );

    /// <summary>The parser's own judgement needs the text itself, which is what is spared.</summary>
    [Fact]
    public void Half_a_character_is_seen_where_no_text_can_be_made() =>
        RuleSample
            .OneOf("\\ud83d", "\\uDE00", "\\\\", "\\n", "\\u0041", "u", "d83d", "\ud83d\ude00", "é")
            .Array[0, 6]
            .Sample(parts =>
            {
                var json = $"[\"{string.Concat(parts)}\"]";

                Assert.Equal(IsText(json), PayloadReader.Parse(Encoding.UTF8.GetBytes(json)) is Payload.Tree);
            });

    private static bool IsText(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement[0].GetString() is not null;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    [Theory]
    [InlineData("\"x\"")]
    [InlineData("null")]
    [InlineData("\"\\ud83d\\ude00\"")]
    [InlineData("1e400")]
    public void Any_value_is_json(string json) =>
        Assert.IsType<Payload.Tree>(PayloadReader.Parse(Encoding.UTF8.GetBytes(json)));
}
