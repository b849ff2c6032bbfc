using System.Globalization;
using System.Text;
using ThinDeployer.Contract.Tests.Hosting;
using ThinDeployer.Contract.Tests.Http;

namespace ThinDeployer.Contract.Tests.Live;

/// <summary>What a follower of a log sees, and when.</summary>
public abstract class LiveLogContract<THost>(SharedServer<THost> shared) : HostContract<THost>(shared)
    where THost : IHostProgram, new()
{
    /// <summary>Between the writing of a step and the arrival at a follower.</summary>
    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(50);

    protected override string Configuration =>
        ServiceYaml.Of("waits", "echo before", "until [ -e waits.go ]; do sleep 0.02; done; echo after")
        + ServiceYaml.Of("steps", "echo eins; printf 'ünd '; echo zwei", "true", "exit 3")
        + ServiceYaml.With("broken", "", @"printf '\303'; sleep 0.2; printf '\244 \377 '; printf '\342\202'", "echo x")
        + ServiceYaml.Of("clock", "for i in $(seq 40); do date +%s%N; sleep 0.02; done")
        + ServiceYaml.With(
            "long",
            "max_output: 2KiB",
            "i=0; while [ $i -lt 400 ]; do i=$((i+1)); echo line $i äöü; done",
            "echo last"
        );

    [Fact]
    public async Task Output_is_seen_while_its_step_still_runs()
    {
        var id = await BeginAsync("waits");
        await using var log = await Server.FollowAsync(id);

        var before = await log.OutputUntilAsync("before\n");
        Server.Workspace.TouchSite("waits.go");
        var rest = await log.AllAsync();

        Assert.Equal("text/event-stream", log.Type);
        Assert.Equal(await LogOfAsync(id), before + string.Concat(rest.Select(next => next.Text)));
        Assert.Equal(("end", "succeeded"), (rest[^1].Type, rest[^1].Data.GetProperty("status").GetString()));
    }

    [Fact]
    public async Task The_end_is_the_deployment_as_it_is_told_afterwards()
    {
        var id = await BeginAsync("steps");
        await using var log = await Server.FollowAsync(id);

        var end = (await log.AllAsync())[^1];

        var deployment = (await Server.AskAsync($"/deployments/{id}")).Json;
        Assert.Equal("end", end.Type);
        Assert.Equal(deployment.ToString(), end.Data.ToString());
    }

    [Fact]
    public async Task A_step_is_told_of_when_it_begins_and_when_it_ends_at_its_place_in_the_output()
    {
        var id = await BeginAsync("steps");
        await using var log = await Server.FollowAsync(id);

        var events = await log.AllAsync();

        var told = events.Where(next => next.Type is "step" || next.Text.Contains(" > ", StringComparison.Ordinal));
        Assert.Equal(
            ["running", "output", "succeeded", "running", "output", "succeeded", "running", "output", "failed"],
            told.Select(next => next.Type is "step" ? next.Data.GetProperty("status").GetString() : "output")
        );
        Assert.Equal(3, events.Last(next => next.Type is "step").Data.GetProperty("exitCode").GetInt32());
    }

    [Theory]
    [InlineData("steps")]
    [InlineData("broken")]
    [InlineData("long")]
    public async Task Whoever_comes_back_at_any_event_gets_the_rest_and_nothing_twice(string service)
    {
        var id = await BeginAsync(service);
        await Server.EndOfAsync(id);
        await using var whole = await Server.FollowAsync(id);
        var all = await whole.AllAsync();

        Assert.Equal(await LogOfAsync(id), string.Concat(all.Select(next => next.Text)));
        for (var i = 0; i < all.Count - 1; i++)
        {
            await using var again = await Server.FollowAsync(id, all[i].Id);
            Assert.Equal(Written(all.Skip(i + 1)), Written(await again.AllAsync()));
        }
    }

    [Fact]
    public async Task A_character_arrives_in_one_piece()
    {
        var id = await BeginAsync("broken");
        await using var log = await Server.FollowAsync(id);

        var text = string.Concat((await log.AllAsync()).Select(next => next.Text));

        Assert.Contains("ä \uFFFD \uFFFD", text, StringComparison.Ordinal);
        Assert.Equal(await LogOfAsync(id), text);
    }

    /// <summary>
    /// The machine may be busy with other tests: some lines that are late are no proof, most of them in each of several
    /// deployments are.
    /// </summary>
    [Fact]
    public async Task A_write_arrives_soon()
    {
        const int rounds = 5;
        var best = TimeSpan.MaxValue;
        for (var round = 0; round < rounds && best > Delay; round++)
        {
            var delays = await DelaysAsync();
            Assert.True(delays.Count >= 10, $"{delays.Count} lines came alone");
            var usual = delays.Order().ElementAt(delays.Count / 4);
            best = usual < best ? usual : best;
        }

        Assert.InRange(best, TimeSpan.Zero, Delay);
    }

    [Fact]
    public async Task Before_it_begins_a_deployment_can_be_followed_too()
    {
        await using var server = await StartOwnAsync(
            ServiceYaml.Of("turns", "until [ -e turns.go ]; do sleep 0.02; done; echo ran")
        );
        await server.DeployAtOnceAsync("turns");
        var second = (await server.DeployAtOnceAsync("turns")).Json.GetProperty("id").GetString()!;
        await using var log = await server.FollowAsync(second);

        server.Workspace.TouchSite("turns.go");
        var events = await log.AllAsync();

        Assert.Contains("ran\n", string.Concat(events.Select(next => next.Text)), StringComparison.Ordinal);
        Assert.Equal("end", events[^1].Type);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("-1")]
    [InlineData("1.2.3")]
    [InlineData("99999999999999999999")]
    public async Task What_is_no_place_in_a_log_is_refused(string last)
    {
        var id = await BeginAsync("steps");

        await using var log = await Server.FollowAsync(id, last);

        Assert.Equal(400, log.Status);
    }

    [Fact]
    public async Task As_plain_text_the_log_can_be_followed_too()
    {
        await using var server = await StartOwnAsync(
            ServiceYaml.Of("waits", "echo before", "until [ -e waits.go ]; do sleep 0.02; done; echo after")
        );
        var id = (await server.DeployAtOnceAsync("waits")).Json.GetProperty("id").GetString()!;
        await using var log = await server.OpenAsync(HttpMethod.Get, $"/deployments/{id}/log?follow=true");

        var before = await log.TextUntilAsync("before\n");
        server.Workspace.TouchSite("waits.go");
        var (rest, isWhole) = await log.RestAsync();

        Assert.Equal("text/plain", log.Type);
        Assert.True(isWhole);
        Assert.Equal((await server.AskAsync($"/deployments/{id}/log")).Text, before + rest);
    }

    [Fact]
    public async Task Who_may_not_see_the_log_may_not_follow_it()
    {
        var id = await BeginAsync("steps");

        var answer = await Server.GetAsync($"/deployments/{id}/log", ("Accept", "text/event-stream"));

        Assert.Equal(403, answer.Status);
    }

    private async Task<string> BeginAsync(string service) =>
        (await Server.DeployAtOnceAsync(service)).Json.GetProperty("id").GetString()!;

    /// <summary>With what is no UTF-8 replaced, as events can't hold it.</summary>
    private async Task<string> LogOfAsync(string id) =>
        Encoding.UTF8.GetString((await Server.AskAsync($"/deployments/{id}/log")).Bytes);

    /// <summary>Pieces of output may be cut elsewhere; all else must be the same.</summary>
    private static string Written(IEnumerable<LogEvent> events) =>
        string.Concat(events.Select(next => next.Type is "output" ? next.Text : $"<{next.Id} {next.Data}>"));

    /// <summary>From the writing of a line to its arrival, of each that came alone.</summary>
    private async Task<List<TimeSpan>> DelaysAsync()
    {
        var id = await BeginAsync("clock");
        await using var log = await Server.FollowAsync(id);

        var delays = new List<TimeSpan>();
        while (await log.NextAsync() is { } next)
        {
            var now = TimeProvider.System.GetUtcNow();
            if (long.TryParse(next.Text.Trim(), CultureInfo.InvariantCulture, out var nanoseconds))
            {
                delays.Add(now - DateTimeOffset.UnixEpoch.AddTicks(nanoseconds / 100));
            }
        }

        return delays;
    }
}
