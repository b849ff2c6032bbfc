using System.Diagnostics;
using System.Globalization;
using ThinDeployer.Contract.Tests.Hosting;

namespace ThinDeployer.Contract.Tests.Standalone;

/// <summary>What the server tells systemd, where that wants to know it (sd_notify(3)).</summary>
public sealed class SystemdNoticeTests : IDisposable
{
    private const string Ready = "READY=1";
    private const string Sign = "WATCHDOG=1";
    private const string Stopping = "STOPPING=1";
    private const string OneService = "STATUS=Serves 1 service";

    /// <summary>Asked for each 10 s.</summary>
    private const string MoreTime = "EXTEND_TIMEOUT_USEC=30000000";

    /// <summary>Microseconds.</summary>
    private const string ShortWatchdog = "100000";

    private static readonly string Site = ServiceYaml.Of("site", "env > seen; until [ -e go ]; do sleep 0.02; done");

    private readonly Workspace _workspace = new();
    private readonly NotifyListener _systemd;

    public SystemdNoticeTests()
    {
        _workspace.Write("deployer.yml", Site);
        _systemd = new NotifyListener(_workspace.At("notify"));
    }

    public void Dispose() => _systemd.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task It_is_ready_when_it_answers(bool isAbstract)
    {
        using var systemd = isAbstract ? new NotifyListener($"@thin-deployer-{Guid.NewGuid()}") : null;
        await using var server = await StartAsync(("NOTIFY_SOCKET", (systemd ?? _systemd).Address));

        var first = await (systemd ?? _systemd).NextAsync();
        var answer = await server.GetAsync("/technical/ready");

        Assert.Equal([Ready, OneService], first);
        Assert.Equal(204, answer.Status);
    }

    [Fact]
    public async Task It_is_not_ready_while_it_waits_for_the_data_folder()
    {
        await using var holder = await RunningServer.StartAsync(ServerStart.With(_workspace));
        await using var program = StartedProgram.Start(With(("NOTIFY_SOCKET", _systemd.Address)));
        await Eventually.IsTrueAsync(
            () => program.Output.Text.Contains("starts: configuration", StringComparison.Ordinal),
            "the second server starts"
        );

        var isEarly = _systemd.HasMore;
        holder.Program.Signal(PosixSignal.Terminate);
        await holder.Program.ExitAsync();

        Assert.False(isEarly);
        Assert.Equal([Ready, OneService], await _systemd.NextAsync());
    }

    [Fact]
    public async Task It_tells_a_reload_that_was_asked_for_and_what_came_of_it()
    {
        await using var server = await StartAsync();
        await _systemd.UntilAsync(Ready);
        _workspace.Write("deployer.yml", Site + ServiceYaml.Of("other", "true"));
        var before = Microseconds();

        server.Program.Signal(PosixSignal.HangUp);
        var begin = (await _systemd.UntilAsync("RELOADING=1"))[^1];
        var after = Microseconds();
        var end = await _systemd.UntilAsync(Ready);

        Assert.Equal("MONOTONIC_USEC", begin[1].Split('=')[0]);
        Assert.InRange(long.Parse(begin[1].Split('=')[1], CultureInfo.InvariantCulture), before, after);
        Assert.Equal([Ready, "STATUS=Serves 2 services"], end[^1]);
        Assert.Equal(202, (await server.DeployAsync("other")).Status);
    }

    [Fact]
    public async Task It_is_ready_again_after_a_reload_with_mistakes_and_says_so()
    {
        await using var server = await StartAsync();
        await _systemd.UntilAsync(Ready);
        _workspace.Write("deployer.yml", Site + "other: {pwd: site}\n");

        server.Program.Signal(PosixSignal.HangUp);
        await _systemd.UntilAsync("RELOADING=1");
        var end = (await _systemd.UntilAsync(Ready))[^1];

        Assert.Matches(
            "^STATUS=Serves 1 service; the configuration has [0-9]+ mistakes?, so the last good one stays$",
            Assert.Single(end[1..])
        );
    }

    [Fact]
    public async Task A_change_that_it_finds_by_itself_is_no_reload_but_is_told()
    {
        await using var server = await StartAsync();
        await _systemd.UntilAsync(Ready);

        _workspace.Write("deployer.yml", Site + ServiceYaml.Of("other", "true"));

        Assert.Equal(["STATUS=Serves 2 services"], await _systemd.NextAsync());
    }

    [Fact]
    public async Task It_tells_that_it_stops_and_asks_for_time_while_something_runs()
    {
        await using var server = await StartAsync();
        await _systemd.UntilAsync(Ready);
        var running = server.DeployAsync("site");
        await _workspace.SiteHasAsync("seen");

        server.Program.Signal(PosixSignal.Terminate);
        var stops = await _systemd.NextAsync();
        var later = await _systemd.NextAsync();
        _workspace.TouchSite("go");

        Assert.Equal([Stopping, "STATUS=Stops; waits for a deployment", MoreTime], stops);
        Assert.Equal([MoreTime], later);
        Assert.Equal(202, (await running).Status);
        Assert.Equal(0, await server.Program.ExitAsync());
    }

    [Fact]
    public async Task It_gives_a_sign_each_half_of_the_time_where_a_watchdog_is_wanted()
    {
        await using var server = await StartAsync(("WATCHDOG_USEC", "1000000"));
        await _systemd.UntilAsync(Ready);
        Assert.Equal([Sign], await _systemd.NextAsync());
        var begin = TimeProvider.System.GetTimestamp();

        for (var count = 0; count < 3; count++)
        {
            Assert.Equal([Sign], await _systemd.NextAsync());
        }

        // One and a half seconds, less what the first one waited to be read.
        Assert.True(TimeProvider.System.GetElapsedTime(begin) > TimeSpan.FromMilliseconds(750));
    }

    [Fact]
    public async Task It_gives_the_sign_while_the_record_is_removed_which_another_start_would_not_mend()
    {
        await using var server = await StartAsync(("WATCHDOG_USEC", ShortWatchdog));
        await _systemd.UntilAsync(Ready);

        Directory.Move(_workspace.Data, _workspace.At("elsewhere"));
        await Eventually.IsTrueAsync(
            async () => (await server.GetAsync("/technical/ready")).Status,
            503,
            "the server sees it"
        );
        while (_systemd.HasMore)
        {
            await _systemd.NextAsync();
        }

        Assert.Equal([Sign], await _systemd.NextAsync());
    }

    [Fact]
    public async Task It_gives_no_sign_where_the_watchdog_is_that_of_another_process()
    {
        await using var server = await StartAsync(("WATCHDOG_USEC", ShortWatchdog), ("WATCHDOG_PID", "1"));
        await _systemd.UntilAsync(Ready);
        _workspace.TouchSite("go");
        await server.DeployAsync("site");

        server.Program.Signal(PosixSignal.Terminate);

        Assert.Single(await _systemd.UntilAsync(Stopping));
    }

    [Fact]
    public async Task Steps_know_nothing_of_it()
    {
        await using var server = await StartAsync(
            ("WATCHDOG_USEC", "60000000"),
            ("NOTIFY_ACCESS", "main"),
            ("WATCHDOG_PID", "1")
        );
        _workspace.TouchSite("go");

        await server.DeployAsync("site");

        var seen = _workspace.ReadSite("seen");
        Assert.Contains("DEPLOYMENT_ID=", seen, StringComparison.Ordinal);
        Assert.DoesNotContain("NOTIFY", seen, StringComparison.Ordinal);
        Assert.DoesNotContain("WATCHDOG", seen, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("@")]
    [InlineData("vsock:2:1234")]
    public async Task Nothing_is_told_and_nothing_is_wrong_where_nobody_can_be_told(string address)
    {
        await using var server = await StartAsync(("NOTIFY_SOCKET", address), ("WATCHDOG_USEC", ShortWatchdog));
        server.Program.Signal(PosixSignal.HangUp);
        await Eventually.IsTrueAsync(
            () => server.Program.Output.Text.Contains("has not changed", StringComparison.Ordinal),
            "it reloads"
        );

        server.Program.Signal(PosixSignal.Terminate);

        Assert.Equal(0, await server.Program.ExitAsync());
        Assert.False(_systemd.HasMore);
        Assert.DoesNotContain("systemd", server.Program.Output.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_socket_that_nobody_reads_is_a_warning_and_no_more()
    {
        await using var server = await StartAsync(("NOTIFY_SOCKET", _workspace.At("nowhere")));

        server.Program.Signal(PosixSignal.Terminate);

        Assert.Equal(0, await server.Program.ExitAsync());
        Assert.Single(
            server.Program.Output.Lines,
            line => line.Contains("systemd can't be told", StringComparison.Ordinal)
        );
    }

    private static long Microseconds() => Stopwatch.GetTimestamp() / (Stopwatch.Frequency / 1_000_000);

    private ProgramStart With(params (string Name, string Value)[] settings) =>
        ServerStart.With(_workspace) with
        {
            Settings = settings.ToDictionary(setting => setting.Name, setting => setting.Value),
        };

    private Task<RunningServer> StartAsync(params (string Name, string Value)[] settings) =>
        RunningServer.StartAsync(
            With(
                settings.Any(setting => setting.Name == "NOTIFY_SOCKET")
                    ? settings
                    : [("NOTIFY_SOCKET", _systemd.Address), .. settings]
            )
        );
}
