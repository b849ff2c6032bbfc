using ThinDeployer.Contract.Tests.Hosting;

namespace ThinDeployer.Contract.Tests.Standalone;

/// <summary>Root without the rights that it lacks in a container: steps of another user are run and stopped all the same.</summary>
public sealed class ContainerRightsTests
{
    /// <summary>Container runtimes leave these out; each of them lets root see another user's environment.</summary>
    private const string NoView = "-sys_ptrace,-sys_admin,-perfmon";

    /// <summary>Without parent, session and mercy.</summary>
    private const string Orphans =
        "(trap '' TERM; setsid sleep 600 & (sleep 600 &) & touch began; while :; do sleep 1; done) & wait";

    [RootFact]
    public async Task A_step_past_its_time_is_stopped_whole()
    {
        var start = With(NoView, "timeout: 500ms, stop_grace: 200ms", Orphans);
        await using var server = await RunningServer.StartAsync(start);

        var answer = await server.DeployAsync("site");

        Assert.Equal("timed_out", answer.Json.GetProperty("status").GetString());
        Assert.Empty(ForeignProcess.Below(server.Workspace.Site));
    }

    [RootFact]
    public async Task What_a_crash_left_is_stopped_at_the_next_start()
    {
        var start = With(NoView, "stop_grace: 200ms", $"[ -e began ] || {{ {Orphans}; }}");
        var server = await RunningServer.StartAsync(start);
        await server.DeployAtOnceAsync("site");
        await server.Workspace.SiteHasAsync("began");

        await using var next = await server.CrashAndRestartAsync(start);

        // It waits until nothing is left of the one before.
        Assert.Equal(202, (await next.DeployAsync("site")).Status);
        Assert.Empty(ForeignProcess.Below(next.Workspace.Site));
    }

    [RootFact]
    public async Task A_server_that_may_not_become_another_says_so()
    {
        await using var server = await RunningServer.StartAsync(With("-setuid", "", "true"));

        var answer = await server.DeployAsync("site");

        Assert.Equal(500, answer.Status);
        var line = Assert.Single(answer.Printed);
        Assert.StartsWith(
            "Command \"true\" failed: it could not start, because setpriv: ",
            line,
            StringComparison.Ordinal
        );
    }

    private static ProgramStart With(string capabilities, string more, string command)
    {
        var workspace = new Workspace();
        File.SetUnixFileMode(workspace.Root, (UnixFileMode)0b111_101_101);
        File.SetUnixFileMode(workspace.Site, (UnixFileMode)0b111_111_111);
        var keys = "run_as: daemon" + (more.Length > 0 ? ", " + more : "");
        workspace.Write("deployer.yml", ServiceYaml.With("site", keys, command));
        return new ProgramStart(new ServerWithout(capabilities), workspace);
    }

    private sealed class ServerWithout(string capabilities) : IHostProgram
    {
        private readonly StandaloneServer _server = new();

        public string Path => "/usr/bin/setpriv";

        public IReadOnlyList<string> Arguments =>
            [$"--bounding-set={capabilities}", "--inh-caps=-all", _server.Path, .. _server.Arguments];

        public IReadOnlyDictionary<string, string> Environment => _server.Environment;
    }
}
