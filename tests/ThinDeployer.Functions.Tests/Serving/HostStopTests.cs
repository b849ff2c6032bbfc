using System.Net;
using System.Net.Sockets;
using ThinDeployer.Contract.Tests.Hosting;
using ThinDeployer.FunctionsHost;

namespace ThinDeployer.Functions.Tests.Serving;

/// <summary>
/// SIGTERM to the host: it waits for requests, then for functions, and then gives the worker a time. Whether it had to kill
/// is in what it prints.
/// </summary>
public sealed class HostStopTests
{
    [Xunit.Fact]
    public void All_that_the_worker_waits_for_is_less_than_what_the_real_host_gives()
    {
        var profile = HostProfile.Functions;

        Assert.InRange(
            profile.ShutdownGrace!.Value + profile.LongestStopGrace + profile.NotificationGrace,
            TimeSpan.Zero,
            HostOptions.WorkerGrace - TimeSpan.FromSeconds(1)
        );
    }

    [Theory]
    [InlineData("")]
    [InlineData("trap '' TERM; ")]
    public async Task What_runs_is_stopped_whole_and_what_waits_runs_on_the_next_start(string reaction)
    {
        var start = FunctionsServer.With(
            ServiceYaml.Of("site", reaction + "[ ! -e began ] || exit 0; touch began; sleep 600 & wait")
        );
        var first = await RunningServer.StartAsync(start);
        var running = (await first.DeployAtOnceAsync("site")).Json.GetProperty("id").GetString()!;
        var queued = (await first.DeployAtOnceAsync("site")).Json.GetProperty("id").GetString()!;
        await first.Workspace.SiteHasAsync("began");
        var waiting = FollowToEndAsync(first, queued);

        first.Program.Signal(PosixSignal.Terminate);

        Assert.Equal(0, await first.Program.ExitAsync());
        Assert.DoesNotContain("killed", first.Program.Output.Text, StringComparison.Ordinal);
        Assert.Empty(ForeignProcess.Below(start.Workspace.Site));
        Assert.False(await waiting);
        await first.Program.DisposeAsync();
        await using var next = await RunningServer.StartAsync(start);
        Assert.Equal("interrupted", (await next.EndOfAsync(running)).GetProperty("status").GetString());
        Assert.Equal("succeeded", (await next.EndOfAsync(queued)).GetProperty("status").GetString());
    }

    /// <returns>Whether the log came whole.</returns>
    private static async Task<bool> FollowToEndAsync(RunningServer server, string id)
    {
        await using var log = await server.FollowAsync(id);
        return (await log.RestAsync()).IsWhole;
    }

    [Fact]
    public async Task Who_waits_gets_the_answer_if_it_comes_in_time()
    {
        await using var server = await FunctionsServer.StartAsync(
            ServiceYaml.Of("site", "touch began; until [ -e go ]; do sleep 0.02; done")
        );
        var waiting = server.DeployAsync("site");
        await server.Workspace.SiteHasAsync("began");

        server.Program.Signal(PosixSignal.Terminate);
        await Eventually.IsTrueAsync(
            () => server.Program.Output.Text.Contains("requests in flight go on", StringComparison.Ordinal),
            "the host has begun to stop"
        );
        server.Workspace.TouchSite("go");

        Assert.Equal(202, (await waiting).Status);
        Assert.Equal(0, await server.Program.ExitAsync());
    }

    [Fact]
    public async Task With_nothing_in_hand_it_ends_by_itself_too()
    {
        await using var server = await FunctionsServer.StartAsync(ServiceYaml.Of("site", "true"));

        server.Program.Signal(PosixSignal.Terminate);

        Assert.Equal(0, await server.Program.ExitAsync());
        Assert.DoesNotContain("killed", server.Program.Output.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_chat_that_does_not_answer_does_not_hold_it_up()
    {
        using var silent = new TcpListener(IPAddress.Loopback, port: 0);
        silent.Start();
        var notification = $"use_notification: true, notification_webhook_url: 'http://{silent.LocalEndpoint}/'";
        await using var server = await FunctionsServer.StartAsync(
            ServiceYaml.With("site", notification, "trap '' TERM; sleep 600 & touch began; wait")
        );
        await server.DeployAtOnceAsync("site");
        await server.Workspace.SiteHasAsync("began");

        server.Program.Signal(PosixSignal.Terminate);

        Assert.Equal(0, await server.Program.ExitAsync());
        Assert.DoesNotContain("killed", server.Program.Output.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_worker_whose_host_died_stops_and_lets_the_data_folder_go()
    {
        var start = FunctionsServer.With(
            ServiceYaml.Of("site", "[ ! -e began ] || exit 0; touch began; sleep 600 & wait")
        );
        var first = await RunningServer.StartAsync(start);
        await first.DeployAtOnceAsync("site");
        await first.Workspace.SiteHasAsync("began");
        var worker = new ForeignProcess(first.Program.CoreId);

        first.Program.Signal(PosixSignal.Kill);
        await first.Program.ExitAsync();

        await Eventually.IsTrueAsync(() => !worker.IsAlive, "the worker has ended");
        Assert.Empty(ForeignProcess.Below(start.Workspace.Site));
        await first.Program.DisposeAsync();
        await using var next = await RunningServer.StartAsync(start);
        await next.IsReadyAsync();
        Assert.Equal(202, (await next.DeployAsync("site")).Status);
    }
}
