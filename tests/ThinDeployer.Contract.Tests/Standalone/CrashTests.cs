using System.Collections.Concurrent;
using System.Diagnostics;
using ThinDeployer.Contract.Tests.Hosting;

namespace ThinDeployer.Contract.Tests.Standalone;

/// <summary>What is left when the program is killed, and what the next one makes of it.</summary>
public sealed class CrashTests
{
    private const int Rounds = 6;
    private const int Clients = 4;
    private const int MostBeforeCrash = 60;

    /// <summary>Different in each run; it is in the message of a test that fails.</summary>
    private static readonly int Seed = Environment.ProcessId;

    [Fact]
    public async Task Under_load_nothing_acknowledged_is_lost_and_nothing_runs_twice()
    {
        var random = new Random(Seed);
        var start = With(
            ServiceYaml.With("one", "max_queued: 10000, keep: 10000", "echo $DEPLOYMENT_ID >> ran")
                + ServiceYaml.With("four", "parallel: 4, max_queued: 10000, keep: 10000", "echo $DEPLOYMENT_ID >> ran")
        );
        var acknowledged = new List<string>();
        var server = await RunningServer.StartAsync(start);
        for (var round = 0; round < Rounds; round++)
        {
            var acknowledgedNow = new ConcurrentBag<string>();
            var crash = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var load = Enumerable
                .Range(0, Clients)
                .Select(_ => LoadAsync(server, random.Next(1, MostBeforeCrash), acknowledgedNow, crash))
                .ToList();
            await crash.Task;
            server = await server.CrashAndRestartAsync(start);
            await Task.WhenAll(load);
            acknowledged.AddRange(acknowledgedNow);
        }

        await using var last = server;
        foreach (var id in acknowledged)
        {
            var end = await last.EndOfAsync(id);
            var status = end.GetProperty("status").GetString();
            var times = Ran(last).Count(line => line == id);
            Assert.True(
                status == "succeeded" ? times == 1 : status == "interrupted" && times <= 1,
                $"seed {Seed}: {id} is {status} and ran {times} times"
            );
        }

        Assert.True(acknowledged.Count > Rounds, $"only {acknowledged.Count} were acknowledged");
        Assert.Equal(Ran(last).Distinct(), Ran(last));
    }

    [Fact]
    public async Task A_delivery_is_known_and_a_body_is_there_after_a_crash()
    {
        var start = With(
            ServiceYaml.With(
                "site",
                "respond: accepted",
                "touch began; cat $DEPLOYMENT_PAYLOAD_FILE; echo $DEPLOYMENT_PAYLOAD_FILE >> files; [ -e go ] || sleep 600"
            )
        );
        var server = await RunningServer.StartAsync(start);
        var running = await DeliverAsync(server, "first");
        await server.Workspace.SiteHasAsync("began");
        var queued = await DeliverAsync(server, "second");
        server.Workspace.TouchSite("go");

        server = await server.CrashAndRestartAsync(start);
        var again = await DeliverAsync(server, "second");
        var anew = await DeliverAsync(server, "first");
        await using var last = server;
        await server.EndOfAsync(queued);
        await server.EndOfAsync(anew);

        Assert.Equal(queued, again);
        Assert.NotEqual(running, anew);
        Assert.Contains(
            "body of second",
            (await server.AskAsync($"/deployments/{queued}/log")).Text,
            StringComparison.Ordinal
        );
        var files = server.Workspace.ReadSite("files").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(3, files.Length);
        Assert.All(files, file => Assert.False(File.Exists(file)));
    }

    [Fact]
    public async Task A_summary_that_a_crash_left_is_removed_and_the_rollback_writes_one_of_its_own()
    {
        var start = With(
            ServiceYaml.With(
                "site",
                "respond: accepted, on_failure: ['echo went back >> $DEPLOYMENT_SUMMARY_FILE']",
                "trap 'echo ends >> $DEPLOYMENT_SUMMARY_FILE; exit' TERM; echo begins >> $DEPLOYMENT_SUMMARY_FILE; touch began; "
                    + "while :; do sleep 0.1; done"
            )
        );
        var server = await RunningServer.StartAsync(start);
        var id = await DeliverAsync(server, "first");
        await server.Workspace.SiteHasAsync("began");

        server = await server.CrashAndRestartAsync(start);

        await using var last = server;
        await Eventually.IsTrueAsync(
            async () => (await server.AskAsync($"/deployments/{id}")).Json.TryGetProperty("summary", out _) ? 1 : 0,
            1,
            "the rollback ended"
        );
        var end = (await server.AskAsync($"/deployments/{id}")).Json;
        Assert.Equal("went back\n", end.GetProperty("summary").GetString());
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Join(server.Workspace.Data, "summaries")));
    }

    /// <summary>The temporary folder is everybody's, and may be gone.</summary>
    [RootFact]
    public async Task What_another_user_could_read_is_removed_and_nothing_that_others_put_there()
    {
        var start = With(ServiceYaml.With("site", "respond: accepted, run_as: daemon", "sleep 600"));
        File.SetUnixFileMode(start.Workspace.Root, (UnixFileMode)0b111_101_101);
        var server = await RunningServer.StartAsync(start);
        var running = await DeliverAsync(server, "first");
        var payloads = Path.Join(start.Workspace.Data, "payloads");
        string? left = null;
        await Eventually.IsTrueAsync(
            () =>
                // Asked anew each time: a FileInfo keeps the first answer, also that there is no link yet.
                (left = new FileInfo(Path.Join(payloads, $"{running}.daemon")).LinkTarget)
                    is not null
                && File.Exists(Path.Join(left, "payload")),
            "the body is there for the step"
        );
        var planted = Directory.CreateDirectory(Path.Join(Path.GetTempPath(), $"thin-deployer-{running}-other"));
        await File.WriteAllTextAsync(Path.Join(planted.FullName, "payload"), "not the server's");
        await Process.Start("chown", ["daemon", planted.FullName]).WaitForExitAsync();
        File.CreateSymbolicLink(Path.Join(payloads, "other.daemon"), planted.FullName);

        server = await server.CrashAndRestartAsync(
            start with
            {
                Settings = new Dictionary<string, string> { ["TMPDIR"] = "/nowhere" },
            }
        );

        await using var last = server;
        Assert.False(Directory.Exists(left));
        Assert.True(File.Exists(Path.Join(planted.FullName, "payload")));
        Assert.Empty(Directory.EnumerateFileSystemEntries(payloads));
        planted.Delete(recursive: true);
    }

    private static async Task<string> DeliverAsync(RunningServer server, string id)
    {
        using var body = new StringContent($"body of {id}");
        var answer = await server.SendAsync(
            HttpMethod.Post,
            "/deploy/site",
            body,
            ("X-Auth-Token", ServiceYaml.Token),
            ("Idempotency-Key", id)
        );
        return answer.Json.GetProperty("id").GetString()!;
    }

    [Fact]
    public async Task What_ran_is_stopped_and_rolled_back_once_before_what_waited_runs()
    {
        var start = With(
            "site: {token: "
                + ServiceYaml.Token
                + ", pwd: site, stop_grace: 500ms, commands: ['"
                + "if [ -e second ]; then echo ran $DEPLOYMENT_ID >> order; exit; fi; "
                + "touch second; setsid sleep 600 & (trap \"\" TERM; while :; do sleep 1; done) & echo this is kept; touch began; wait"
                + "'], on_failure: ['echo rolled back $DEPLOYMENT_ID $DEPLOYMENT_STATUS >> order']}"
        );
        var server = await RunningServer.StartAsync(start);
        var first = (await server.DeployAtOnceAsync("site")).Json.GetProperty("id").GetString()!;
        await server.Workspace.SiteHasAsync("began");
        var second = (await server.DeployAtOnceAsync("site")).Json.GetProperty("id").GetString()!;

        server = await server.CrashAndRestartAsync(start);
        var interrupted = (await server.AskAsync($"/deployments/{first}")).Json.GetProperty("status").GetString();
        var end = await server.EndOfAsync(second);
        server = await server.CrashAndRestartAsync(start);

        await using var last = server;
        Assert.Equal("interrupted", interrupted);
        Assert.Equal("succeeded", end.GetProperty("status").GetString());
        Assert.Empty(ForeignProcess.Below(last.Workspace.Site));
        Assert.Equal($"rolled back {first} interrupted\nran {second}\n", last.Workspace.ReadSite("order"));
        var log = (await last.AskAsync($"/deployments/{first}/log")).Text;
        Assert.Contains("this is kept\n", log, StringComparison.Ordinal);
        Assert.Contains("The server ended while this deployment ran\n", log, StringComparison.Ordinal);
        Assert.Contains(" # on_failure\n", log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_record_tells_the_steps_up_to_a_crash()
    {
        var start = With(ServiceYaml.Of("site", "echo one; exit", "echo two; touch began; sleep 600", "echo three"));
        var server = await RunningServer.StartAsync(start);
        var id = (await server.DeployAtOnceAsync("site")).Json.GetProperty("id").GetString()!;
        await server.Workspace.SiteHasAsync("began");

        await using var next = await server.CrashAndRestartAsync(start);

        var steps = (await next.AskAsync($"/deployments/{id}")).Json.GetProperty("steps").EnumerateArray().ToList();
        Assert.Equal(
            [("echo one; exit", "succeeded"), ("echo two; touch began; sleep 600", "interrupted")],
            steps.Select(step => (step.GetProperty("command").GetString(), step.GetProperty("status").GetString()))
        );
        Assert.Equal(0, steps[0].GetProperty("exitCode").GetInt32());
        Assert.Equal("The server ended while this step ran", steps[1].GetProperty("message").GetString());
        Assert.True(steps[1].GetProperty("durationMs").GetInt64() >= 0);
    }

    [Fact]
    public async Task The_record_tells_the_steps_also_when_a_hook_ran_at_the_crash()
    {
        var start = With(
            ServiceYaml.With("site", "on_failure: ['touch began; sleep 600']", "echo one", "echo two; exit 3")
        );
        var server = await RunningServer.StartAsync(start);
        var id = (await server.DeployAtOnceAsync("site")).Json.GetProperty("id").GetString()!;
        await server.Workspace.SiteHasAsync("began");

        await using var next = await server.CrashAndRestartAsync(start);

        var end = (await next.AskAsync($"/deployments/{id}")).Json;
        Assert.Equal("failed", end.GetProperty("status").GetString());
        Assert.Equal(
            ["succeeded", "failed"],
            end.GetProperty("steps").EnumerateArray().Select(step => step.GetProperty("status").GetString())
        );
    }

    [Fact]
    public async Task A_daemon_of_a_step_that_succeeded_outlives_a_crash_and_what_the_next_step_left_does_not()
    {
        var start = With(
            ServiceYaml.Of("site", "sleep 600 & echo $! > daemon", "setsid sleep 601 & touch began; sleep 602")
        );
        var server = await RunningServer.StartAsync(start);
        await server.DeployAtOnceAsync("site");
        await server.Workspace.SiteHasAsync("began");
        var daemon = server.Workspace.SiteProcess("daemon");

        await using var next = await server.CrashAndRestartAsync(start);
        await Eventually.IsTrueAsync(
            () => ForeignProcess.Below(next.Workspace.Site).Count <= 1,
            "what the second step left was stopped"
        );

        Assert.Equal([daemon], ForeignProcess.Below(next.Workspace.Site));
    }

    [ControlGroupFact]
    public async Task What_hid_from_a_crashed_server_is_stopped_by_its_control_group()
    {
        var start = With(ServiceYaml.Of("site", ControlGroupFactAttribute.Hide + "touch began; sleep 600"));
        var server = await RunningServer.StartAsync(start);
        await server.DeployAtOnceAsync("site");
        await server.Workspace.SiteHasAsync("began");
        var hidden = server.Workspace.SiteProcess("hidden");

        await using var next = await server.CrashAndRestartAsync(start);

        await Eventually.IsTrueAsync(() => !hidden.IsAlive, "what hid was stopped");
    }

    [Fact]
    public async Task After_a_stop_what_ran_is_interrupted_and_what_waited_runs_at_the_next_start()
    {
        var start = With(
            ServiceYaml.Of("site", "[ -e second ] && exit; touch second; sleep 600 & touch began; wait"),
            "--shutdown-grace",
            "200ms"
        );
        var server = await RunningServer.StartAsync(start);
        var first = (await server.DeployAtOnceAsync("site")).Json.GetProperty("id").GetString()!;
        await server.Workspace.SiteHasAsync("began");
        var second = (await server.DeployAtOnceAsync("site")).Json.GetProperty("id").GetString()!;

        server.Program.Signal(PosixSignal.Terminate);
        var exit = await server.Program.ExitAsync();
        await using var next = await RunningServer.StartAsync(start);

        Assert.Equal(0, exit);
        Assert.Equal("interrupted", (await next.EndOfAsync(first)).GetProperty("status").GetString());
        Assert.Equal("succeeded", (await next.EndOfAsync(second)).GetProperty("status").GetString());
    }

    [Fact]
    public async Task Two_hundred_megabytes_of_output_take_little_memory()
    {
        var start = With(ServiceYaml.With("site", "max_output: 8MiB", "yes abcdefghijklmno | head -c 200000000"));
        await using var server = await RunningServer.StartAsync(start);

        var answer = await server.DeployAsync("site");

        Assert.Equal(202, answer.Status);
        Assert.InRange(answer.Bytes.Length, 8_000_000, 10_000_000);
        Assert.InRange(server.Program.PeakMemoryMegabytes(), 1, 250);
    }

    private static ProgramStart With(string configuration, params string[] arguments)
    {
        var workspace = new Workspace();
        workspace.Write("deployer.yml", configuration);
        return ServerStart.With(workspace, arguments);
    }

    /// <summary>Deploys until the server is gone; when it has enough, it may crash.</summary>
    private static async Task LoadAsync(
        RunningServer server,
        int enough,
        ConcurrentBag<string> acknowledged,
        TaskCompletionSource crash
    )
    {
        try
        {
            for (var count = 1; ; count++)
            {
                var answer = await server.DeployAtOnceAsync(count % 2 == 0 ? "one" : "four");
                Assert.Equal(202, answer.Status);
                acknowledged.Add(answer.Json.GetProperty("id").GetString()!);
                if (count == enough)
                {
                    crash.TrySetResult();
                }
            }
        }
        catch (Exception exception)
            when (exception is HttpRequestException or ObjectDisposedException or OperationCanceledException)
        {
            // The server is gone.
        }
    }

    private static string[] Ran(RunningServer server) =>
        server.Workspace.ReadSite("ran").Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
