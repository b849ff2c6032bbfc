using System.Text.Json;
using ThinDeployer.Contract.Tests.Hosting;

namespace ThinDeployer.Contract.Tests.Paging;

/// <summary>The output of a deployment as the page reads it.</summary>
public abstract class LogLinesContract<THost>(SharedServer<THost> shared) : HostContract<THost>(shared)
    where THost : IHostProgram, new()
{
    private const string OtherToken = "the-token-of-another-service";

    protected override string Configuration =>
        ServiceYaml.Of("site", "printf '\\033[1;31mred\\033[0m plain\\nhttps://example.com/\\n'", "echo second")
        + ServiceYaml.Of("many", "seq 1 2500")
        + ServiceYaml.Of("long", "head -c 20000 /dev/zero | tr '\\0' x")
        + ServiceYaml.Of("runs", "echo first; touch runs.began; until [ -e runs.go ]; do sleep 0.02; done; echo last")
        + ServiceYaml.Of("fails", "echo tried; exit 3")
        + ServiceYaml.Bare("other", $"token: {OtherToken}, pwd: site", "true");

    [Fact]
    public async Task Lines_have_colors_and_links_and_nothing_else_of_a_terminal()
    {
        var log = await DeployAsync("site");

        var answer = await Server.AskAsync($"{log}/lines?from=3&count=2");

        Assert.Equal((200, 7, true), (answer.Status, Total(answer.Json), IsComplete(answer.Json)));
        Assert.Equal(
            """[{"n":3,"s":[["red",1,1]," plain"]},{"n":4,"s":[["https://example.com/",32]]}]""",
            answer.Json.GetProperty("lines").GetRawText()
        );
    }

    [Fact]
    public async Task Any_range_of_lines_can_be_asked_for()
    {
        var log = await DeployAsync("many");

        var middle = await Server.AskAsync($"{log}/lines?from=2402&count=1");
        var most = await Server.AskAsync($"{log}/lines?from=1&count=99999");
        var behind = await Server.AskAsync($"{log}/lines?from=9999");

        Assert.Equal("""[{"n":2402,"s":["2400"]}]""", middle.Json.GetProperty("lines").GetRawText());
        Assert.Equal((2502, 1000), (Total(most.Json), most.Json.GetProperty("lines").GetArrayLength()));
        Assert.Equal("[]", behind.Json.GetProperty("lines").GetRawText());
    }

    [Fact]
    public async Task When_lines_came_costs_one_reading_of_them()
    {
        var log = await DeployAsync("many");
        var path = $"{log}/lines?count=1000&times=true";
        await Server.AskAsync(path);
        var before = Server.Program.BytesRead();

        var lines = (await Server.AskAsync(path)).Json.GetProperty("lines");

        Assert.Equal(1000, lines.GetArrayLength());
        // Of 12 KB, and what a runtime reads by itself.
        Assert.InRange(Server.Program.BytesRead() - before, 0, 2_000_000);
    }

    [Fact]
    public async Task A_long_line_comes_in_parts()
    {
        var log = await DeployAsync("long");

        var line = (await Server.AskAsync($"{log}/lines?from=3")).Json.GetProperty("lines")[0];
        var at = line.GetProperty("at").GetInt64();
        var rest = (await Server.AskAsync($"{log}/lines?line=3&at={at}")).Json.GetProperty("lines")[0];

        Assert.Equal(20_000, at + line.GetProperty("more").GetInt64());
        Assert.Equal(20_000 - at, rest.GetProperty("s")[0].GetString()!.Length);
        Assert.False(rest.TryGetProperty("more", out _));
    }

    [Fact]
    public async Task All_lines_are_searched()
    {
        var log = await DeployAsync("many");

        var found = await Server.AskAsync($"{log}/search?q=249");
        var first = await Server.AskAsync($"{log}/search?q=1");
        var last = first.Json.GetProperty("lines")[999].GetInt64();
        var next = await Server.AskAsync($"{log}/search?q=1&from={last + 1}");

        long[] expected =
        [
            .. Enumerable
                .Range(1, 2_500)
                .Where(i => $"{i}".Contains("249", StringComparison.Ordinal))
                .Select(i => i + 2L),
        ];
        Assert.Equal(expected, NumbersOf(found.Json));
        Assert.True(first.Json.GetProperty("more").GetBoolean());
        Assert.False(next.Json.GetProperty("more").GetBoolean());
        // The command has one, too.
        Assert.Equal(
            Enumerable.Range(1, 2_500).Count(i => $"{i}".Contains('1')) + 1,
            NumbersOf(first.Json).Length + NumbersOf(next.Json).Length
        );
    }

    [Fact]
    public async Task How_it_stands_is_told_until_it_has_ended()
    {
        var id = (await Server.DeployAtOnceAsync("runs")).Json.GetProperty("id").GetString()!;
        await Server.Workspace.SiteHasAsync("runs.began");
        await using var stream = await Server.OpenAsync(HttpMethod.Get, $"/ui/deployments/{id}/events");

        var before = await stream.NextAsync();
        while (before!.Data.GetProperty("steps").GetArrayLength() == 0 || Total(before.Data) < 3)
        {
            before = await stream.NextAsync();
        }

        Server.Workspace.TouchSite("runs.go");
        var all = await stream.AllAsync();

        Assert.Equal((200, "text/event-stream", "state"), (stream.Status, stream.Type, before.Type));
        Assert.Equal(("running", false), (StatusOf(before.Data), IsComplete(before.Data)));
        Assert.Equal("end", all[^1].Type);
        var (end, step) = (all[^2].Data, all[^2].Data.GetProperty("steps")[0]);
        Assert.Equal(("succeeded", true, 4), (StatusOf(end), IsComplete(end), Total(end)));
        Assert.Equal(
            (1, 1, 4),
            (
                step.GetProperty("n").GetInt32(),
                step.GetProperty("first").GetInt32(),
                step.GetProperty("last").GetInt32()
            )
        );
        Assert.Equal((0, 1), (step.GetProperty("exitCode").GetInt32(), step.GetProperty("attempts").GetInt32()));
    }

    [Fact]
    public async Task Of_one_that_has_ended_the_state_comes_at_once()
    {
        var log = await DeployAsync("fails");
        await using var stream = await Server.OpenAsync(HttpMethod.Get, $"{log}/events");

        var all = await stream.AllAsync();

        Assert.Equal(["state", "end"], all.Select(one => one.Type));
        Assert.Equal(3, all[0].Data.GetProperty("steps")[0].GetProperty("exitCode").GetInt32());
    }

    [Fact]
    public async Task The_bytes_of_all_or_of_one_step_can_be_saved()
    {
        var log = await DeployAsync("site");
        var api = log.Replace("/ui/", "/", StringComparison.Ordinal);
        var whole = (await Server.AskAsync($"{api}/log")).Text;

        var all = await Server.AskAsync($"{log}/raw");
        var step = await Server.AskAsync($"{log}/raw?step=2&download=true");
        var part = await Server.GetAsync(
            $"{log}/raw?step=2",
            ("X-Auth-Token", ServiceYaml.Token),
            ("Range", "bytes=1-3")
        );

        Assert.Equal((200, whole), (all.Status, all.Text));
        Assert.EndsWith(step.Text, whole, StringComparison.Ordinal);
        Assert.EndsWith(" > echo second\nsecond\n", step.Text, StringComparison.Ordinal);
        Assert.Equal($"attachment; filename=\"site-{log[^6..]}-step-2.log\"", step.Header("Content-Disposition"));
        Assert.Equal((206, step.Text[1..4]), (part.Status, part.Text));
    }

    [Theory]
    [InlineData("lines?from=x", 400)]
    [InlineData("lines?count=-1", 400)]
    [InlineData("lines?line=1.5", 400)]
    [InlineData("search", 400)]
    [InlineData("search?q=", 400)]
    [InlineData("search?q=a&from=x", 400)]
    [InlineData("raw?step=x", 400)]
    [InlineData("raw?step=9", 404)]
    [InlineData("lines?from=99999999999999999999", 400)]
    [InlineData("lines?line=9223372036854775807&at=9223372036854775807", 200)]
    [InlineData("lines?from=9223372036854775807", 200)]
    public async Task What_makes_no_sense_is_refused(string query, int status)
    {
        var log = await DeployAsync("fails");

        Assert.Equal(status, (await Server.AskAsync($"{log}/{query}")).Status);
    }

    [Theory]
    [InlineData("lines")]
    [InlineData("search?q=a")]
    [InlineData("events")]
    [InlineData("raw")]
    public async Task Only_who_may_see_the_deployment_may_read_it(string path)
    {
        var log = await DeployAsync("fails");

        var foreign = await Server.GetAsync($"{log}/{path}", ("X-Auth-Token", OtherToken));
        var none = await Server.GetAsync($"{log}/{path}");
        var unknown = await Server.AskAsync($"/ui/deployments/01a20ae4-0000-7000-8000-000000000000/{path}");
        var wrongMethod = await Server.SendAsync(HttpMethod.Post, $"{log}/{path}", content: null);

        Assert.Equal((404, 403, 404, 405), (foreign.Status, none.Status, unknown.Status, wrongMethod.Status));
    }

    private async Task<string> DeployAsync(string service) =>
        $"/ui/deployments/{(await Server.DeployAsync(service)).Json.GetProperty("id").GetString()}";

    private static int Total(JsonElement json) => json.GetProperty("total").GetInt32();

    private static bool IsComplete(JsonElement json) => json.GetProperty("complete").GetBoolean();

    private static string? StatusOf(JsonElement json) => json.GetProperty("status").GetString();

    private static long[] NumbersOf(JsonElement json) =>
        [.. json.GetProperty("lines").EnumerateArray().Select(line => line.GetInt64())];
}
