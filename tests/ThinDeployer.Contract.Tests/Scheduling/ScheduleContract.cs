using System.Globalization;
using System.Text.Json;
using ThinDeployer.Contract.Tests.Hosting;

namespace ThinDeployer.Contract.Tests.Scheduling;

/// <summary>A service that deploys itself.</summary>
public abstract class ScheduleContract<THost>(SharedServer<THost> shared) : HostContract<THost>(shared)
    where THost : IHostProgram, new()
{
    private static readonly string Nightly =
        ServiceYaml.With(
            "night",
            "schedule: [{cron: '30 2 * * *', time_zone: Europe/Berlin, variables: {branch: main}}]",
            "echo %branch% >> ran"
        )
        + ServiceYaml.With("once", "schedule: [{cron: '0 0 1 1 *', missed: skip}]", "echo once >> ran")
        + ServiceYaml.Of("plain", "true");

    [Fact]
    public async Task The_next_times_are_told_and_a_reload_counts_at_once()
    {
        await using var server = await StartOwnAsync(Nightly);

        var night = await NextOfAsync(server, "night");
        Assert.Equal(5, night.Count);
        Assert.Equal(night.Order(), night);
        Assert.All(night, due => Assert.InRange(due.Hour, 0, 1));
        Assert.Empty(await NextOfAsync(server, "plain"));

        server.Workspace.Write("deployer.yml", ServiceYaml.With("plain", "schedule: [{cron: '@hourly'}]", "true"));
        await Eventually.IsTrueAsync(
            async () => (await NextOfAsync(server, "plain")).Count,
            5,
            "the new configuration counts"
        );
    }

    [Fact]
    public async Task What_is_due_is_deployed_by_the_minute()
    {
        await using var server = await StartOwnAsync(
            ServiceYaml.With("minutely", "schedule: [{cron: '* * * * *', variables: {a: b c}}]", "echo %a% >> ran")
        );

        await Eventually.IsTrueAsync(() => server.Workspace.ReadSite("ran") == "b c\n", "a minute begins");

        var deployment = await EndedAsync(server, "minutely");
        var trigger = deployment.GetProperty("trigger");
        Assert.Equal("SCHEDULE", trigger.GetProperty("method").GetString());
        Assert.Equal("schedule", trigger.GetProperty("who").GetString());
        Assert.Equal("schedule", trigger.GetProperty("event").GetString());
        Assert.False(trigger.TryGetProperty("address", out _));
        Assert.Equal("b c", deployment.GetProperty("variables").GetProperty("a").GetString());
        var accepted = deployment.GetProperty("acceptedAt").GetDateTimeOffset();
        Assert.InRange(accepted.Second, 0, 30);
    }

    [Fact]
    public async Task What_was_missed_is_made_up_for_once_or_skipped()
    {
        var first = await StartOwnAsync(Nightly);
        await Eventually.IsTrueAsync(
            () => LeftRecord.HasBegun(first.Workspace, "night") && LeftRecord.HasBegun(first.Workspace, "once"),
            "the schedules are known"
        );

        await using var next = await first.CrashAndRestartAsync(
            new ProgramStart(new THost(), first.Workspace) { Settings = LogFile },
            () => LeftRecord.WasAwayForYearsAsync(first.Workspace)
        );

        await EndedAsync(next, "night");
        Assert.Equal("main\n", next.Workspace.ReadSite("ran"));
        await Eventually.IsTrueAsync(
            () =>
                next.Workspace.ReadHomeLog() is var log
                && log.Contains("The schedule 30 2 * * * Europe/Berlin of night was missed", StringComparison.Ordinal)
                && log.Contains("made up for, once, by deployment", StringComparison.Ordinal)
                && log.Contains("The schedule 0 0 1 1 * of once was missed", StringComparison.Ordinal)
                && log.Contains("skipped, as it says", StringComparison.Ordinal),
            "the log says so"
        );
        Assert.Equal("main\n", next.Workspace.ReadSite("ran"));
    }

    private static Dictionary<string, string> LogFile { get; } =
        new() { ["THIN_DEPLOYER_LOG_FILE_PREFIX"] = Workspace.HomeLog };

    private static async Task<JsonElement> EndedAsync(RunningServer server, string service)
    {
        var path = $"/deployments?service={service}";
        await Eventually.IsTrueAsync(
            async () => (await server.AskAsync(path)).Json.GetProperty("deployments").GetArrayLength(),
            1,
            $"{service} is deployed"
        );
        var deployments = (await server.AskAsync(path)).Json.GetProperty("deployments");
        return await server.EndOfAsync(deployments[0].GetProperty("id").GetString()!);
    }

    private static async Task<List<DateTimeOffset>> NextOfAsync(RunningServer server, string service)
    {
        var services = (await server.AskAsync("/services")).Json.GetProperty("services").EnumerateArray();
        return services
            .SingleOrDefault(one => one.GetProperty("name").GetString() == service)
            .TryGetProperty("next", out var next)
            ?
            [
                .. next.EnumerateArray()
                    .Select(due => DateTimeOffset.Parse(due.GetString()!, CultureInfo.InvariantCulture)),
            ]
            : [];
    }
}
