using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using ThinDeployer.Contract.Tests.Hosting;
using ThinDeployer.Contract.Tests.Http;
using ThinDeployer.Contract.Tests.Standalone;
using ThinDeployer.Contract.Tests.Watching;

namespace ThinDeployer.Contract.Tests.Operating;

/// <summary>What keeps deployments from working, found before they do.</summary>
public sealed class DoctorTests : IDisposable
{
    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public async Task Where_all_is_well_every_line_says_so()
    {
        Write(ServiceYaml.Of("site", "cd . && ls", "./deploy.sh"));
        Script("deploy.sh", isExecutable: true);

        var run = await DoctorAsync("--port", "0");

        Assert.Equal(0, run.ExitCode);
        Assert.All(run.Output.Lines.SkipLast(1), line => Assert.Matches("^ok       [^ ]", line));
        Assert.Equal("all good", run.Output.Lines[^1]);
        Assert.Contains(run.Output.Lines, line => line.EndsWith("deployer.yml, 1 service", StringComparison.Ordinal));
        Assert.Contains(
            run.Output.Lines,
            line => line.StartsWith("ok       site: ./deploy.sh: ", StringComparison.Ordinal)
        );
        Assert.Contains(
            run.Output.Lines,
            line => line.StartsWith("ok       record: SQLite 3.", StringComparison.Ordinal)
        );
        Assert.Contains(run.Output.Lines, line => line.Contains($"HOME={_workspace.Home}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Who_was_not_told_is_named_while_the_server_runs_and_after()
    {
        var status = StatusCodes.Status404NotFound;
        await using var chat = await WebhookReceiver.StartAsync(context =>
        {
            context.Response.StatusCode = Volatile.Read(ref status);
            return Task.CompletedTask;
        });
        await using var busy = await WebhookReceiver.StartAsync(context =>
        {
            context.Response.StatusCode = 503;
            return Task.CompletedTask;
        });
        Write(
            ServiceYaml.With(
                "site",
                $"notify: [{{to: slack, url: '{chat.Url}', on: [succeeded]}}, {{to: webhook, url: '{busy.Url}', on: [succeeded]}}]",
                "true"
            )
        );
        var start = new ProgramStart(new StandaloneServer(), _workspace);
        var server = await RunningServer.StartAsync(start);
        await server.DeployAsync("site");
        await WaitingOutbox.SaysAsync(server, "notTold", "it answered 404");
        await WaitingOutbox.SaysAsync(server, "waiting", "it answered 503");

        var beside = await DoctorAsync("--port", "0");
        server = await server.CrashAndRestartAsync(start);
        await WaitingOutbox.SaysAsync(server, "notTold", "it answered 404");
        server.Program.Signal(PosixSignal.Terminate);
        await server.Program.ExitAsync();
        var files = Directory.GetFiles(_workspace.Data).Order().ToList();
        var after = await DoctorAsync("--port", "0");

        Assert.Equal(files, Directory.GetFiles(_workspace.Data).Order());
        Assert.All(
            [beside, after],
            run =>
            {
                var told = run
                    .Output.Lines.Where(line => line.Contains("site: outbox", StringComparison.Ordinal))
                    .ToList();
                Assert.Matches(
                    "^warning  site: outbox: slack .* was not told of a deployment on .* UTC: it answered 404; doctor --send",
                    told[0]
                );
                Assert.Matches(
                    "^warning  site: outbox: webhook .* in vain since .* UTC: it answered 503; it is",
                    told[1]
                );
                Assert.Equal(2, told.Count);
                Assert.DoesNotContain("secret-part", run.Output.Text, StringComparison.Ordinal);
            }
        );
        await server.Program.DisposeAsync();
    }

    [Theory]
    [InlineData("nosuchprogram --now", "site: nosuchprogram: not found in")]
    [InlineData("FOO=1 nosuchprogram", "site: nosuchprogram: not found in")]
    [InlineData("./missing.sh", "site: ./missing.sh: not found in")]
    [InlineData("./plain.sh", "site: ./plain.sh: ")]
    [InlineData("ls && nosuchprogram", "site: nosuchprogram: not found in")]
    [InlineData("./windows.sh", "site: ./windows.sh: ./windows.sh has lines that end as on Windows")]
    [InlineData(
        "./strange.sh",
        "site: ./strange.sh: ./strange.sh begins with \"#!/no/such/shell\", which is not there"
    )]
    public async Task A_program_that_a_command_can_not_start_is_wrong_with_its_cure(string command, string told)
    {
        Write(ServiceYaml.Of("site", command));
        Script("plain.sh", isExecutable: false);
        Script("windows.sh", isExecutable: true, "#!/bin/sh\r\n");
        Script("strange.sh", isExecutable: true, "#!/no/such/shell -e\n");

        var run = await DoctorAsync("--port", "0");

        Assert.Equal(1, run.ExitCode);
        var line = Assert.Single(run.Output.Lines, line => line.StartsWith("wrong", StringComparison.Ordinal));
        Assert.Contains(told, line, StringComparison.Ordinal);
        Assert.Contains("; ", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_path_without_the_usual_programs_is_wrong_and_the_rest_is_looked_at_all_the_same()
    {
        Write(ServiceYaml.With("site", "environment: {PATH: '$PATH:/opt/bin'}", "ls"));

        var run = await DoctorAsync("--port", "0");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains(
            run.Output.Lines,
            line =>
                line.StartsWith("wrong    site: PATH: ", StringComparison.Ordinal)
                && line.Contains(
                    "PATH=$PATH:/opt/bin, which has no folder with the usual programs",
                    StringComparison.Ordinal
                )
        );
        Assert.Contains(run.Output.Lines, line => line.StartsWith("ok       site: pwd: ", StringComparison.Ordinal));
        Assert.Contains(run.Output.Lines, line => line.StartsWith("wrong    site: ls: not", StringComparison.Ordinal));
        Assert.Contains("write \"${PATH}\"", run.Output.Text, StringComparison.Ordinal);
        Assert.Equal("2 wrong, 1 warning", run.Output.Lines[^1]);
    }

    [Fact]
    public async Task A_full_disk_is_wrong()
    {
        Write(ServiceYaml.Of("site", "ls"));

        var run = await ProgramRun.ToEndAsync(
            new ProgramStart(new BareServer(), _workspace)
            {
                Arguments = ["doctor", "--listen", "127.0.0.1", "--port", "0"],
                Settings = new Dictionary<string, string> { ["HC_MAX_DISK_USAGE"] = "0" },
            }
        );

        Assert.Equal(1, run.ExitCode);
        Assert.Contains(run.Output.Lines, line => line.StartsWith("wrong    disks: ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_a_command_before_may_make_is_only_doubtful()
    {
        Write(ServiceYaml.Of("site", "ls", "./made-by-it.sh"));

        var run = await DoctorAsync("--port", "0");

        Assert.Equal(0, run.ExitCode);
        Assert.Contains(
            run.Output.Lines,
            line => line.StartsWith("warning  site: ./made-by-it.sh: ", StringComparison.Ordinal)
        );
    }

    [Theory]
    [InlineData("systemctl restart thin-deployer")]
    [InlineData("make install && sudo -n systemctl try-restart thin-deployer.service")]
    [InlineData("if [ -x new ]; then systemctl --quiet stop 'thin-deployer'; fi")]
    [InlineData("service thin-deployer restart")]
    public async Task A_command_that_waits_for_the_restart_of_its_own_server_is_wrong(string command)
    {
        Write(ServiceYaml.Of("site", command));

        var run = await DoctorAsync("--port", "0");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains(
            run.Output.Lines,
            line =>
                line.StartsWith("wrong    site: own restart: ", StringComparison.Ordinal)
                && line.EndsWith(
                    "; as the last command: systemctl restart --no-block thin-deployer",
                    StringComparison.Ordinal
                )
        );
    }

    [Theory]
    [InlineData("systemctl restart --no-block thin-deployer")]
    [InlineData("systemctl --no-block restart thin-deployer.service")]
    [InlineData("systemctl restart nginx")]
    [InlineData("systemctl status thin-deployer")]
    [InlineData("systemctl -H other restart thin-deployer")]
    [InlineData("systemctl restart thin-deployer &")]
    [InlineData("ssh other systemctl restart thin-deployer")]
    [InlineData("echo systemctl restart thin-deployer")]
    public async Task What_does_not_wait_for_it_is_not(string command)
    {
        Write(ServiceYaml.Of("site", command));

        var run = await DoctorAsync("--port", "0");

        Assert.DoesNotContain("own restart", run.Output.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("doctor")]
    [InlineData("validate")]
    [InlineData("explain", "site")]
    public async Task Nothing_is_run_made_or_changed(params string[] arguments)
    {
        Write(ServiceYaml.Of("site", "touch ran", "./deploy.sh"));
        Script("deploy.sh", isExecutable: true);
        var before = Everything();

        var run = await ProgramRun.ToEndAsync(
            new ProgramStart(new BareServer(), _workspace)
            {
                Arguments = arguments,
                Settings = new Dictionary<string, string>
                {
                    ["THIN_DEPLOYER_LOG_FILE_PREFIX"] = _workspace.At("logs", "server.log"),
                    ["THIN_DEPLOYER_PORT"] = "0",
                },
            }
        );

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(before, Everything());
    }

    [Fact]
    public async Task A_data_folder_that_can_not_be_made_is_wrong()
    {
        Write(ServiceYaml.Of("site", "ls"));

        var run = await DoctorAsync("--port", "0", "--data", "deployer.yml/data");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains(run.Output.Lines, line => line.StartsWith("wrong    data folder: ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_log_file_that_only_a_switch_names_is_looked_at()
    {
        Write(ServiceYaml.Of("site", "ls"));

        var run = await DoctorAsync("--port", "0", "--log-file-prefix", "deployer.yml/log");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains(run.Output.Lines, line => line.StartsWith("wrong    log file: ", StringComparison.Ordinal));
    }

    [RootFact]
    public async Task A_folder_that_git_takes_for_another_users_is_wrong()
    {
        Open();
        Write(ServiceYaml.With("site", "run_as: daemon", "git pull"));
        await GitAsync("init", "-q");

        var run = await DoctorAsync("--port", "0");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains(
            run.Output.Lines,
            line =>
                line.Contains($"git config --global --add safe.directory {_workspace.Site}", StringComparison.Ordinal)
        );
    }

    [RootFact]
    public async Task A_step_is_looked_at_with_the_rights_and_the_folder_of_its_own()
    {
        Open();
        Directory.CreateDirectory(Path.Combine(_workspace.Site, "private"), UnixFileMode.UserExecute);
        Write(
            $"site: {{token: {ServiceYaml.Token}, pwd: site, commands: [{{run: id, run_as: daemon, pwd: site/private}}]}}"
        );

        var run = await DoctorAsync("--port", "0");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains(run.Output.Lines, line => line.Contains("site: user: daemon, ", StringComparison.Ordinal));
        Assert.Contains(
            run.Output.Lines,
            line =>
                line.StartsWith($"wrong    site: pwd: {_workspace.Site}/private ", StringComparison.Ordinal)
                && line.Contains("can't be entered by daemon", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task A_host_that_ssh_does_not_know_is_wrong()
    {
        Write(ServiceYaml.Of("site", "git pull"));
        await GitAsync("init", "-q");
        await GitAsync("remote", "add", "origin", "git@git.example.org:me/site.git");

        var run = await DoctorAsync("--port", "0");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains(
            run.Output.Lines,
            line => line.Contains("ssh-keyscan git.example.org", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task A_port_in_use_and_a_missing_folder_are_told()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;
        Write(ServiceYaml.Bare("site", $"token: {ServiceYaml.Token}, pwd: nowhere", "ls"));

        var run = await DoctorAsync("--json", "--port", $"{port}");

        using var document = JsonDocument.Parse(run.Output.Text);
        var results = document
            .RootElement.EnumerateArray()
            .ToLookup(
                finding => finding.GetProperty("what").GetString(),
                finding => finding.GetProperty("result").GetString()
            );
        Assert.Equal((1, "warning", "wrong"), (run.ExitCode, results["port"].Single(), results["site: pwd"].Single()));
    }

    [Fact]
    public async Task A_configuration_with_mistakes_is_wrong()
    {
        Write("site: {comands: [ls]}\n");

        var run = await DoctorAsync("--port", "0");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains(
            run.Output.Lines,
            line => line.StartsWith("wrong    configuration: ", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task A_server_that_runs_gives_its_own_environment()
    {
        var workspace = new Workspace();
        var tool = Path.Combine(workspace.Folder("tools"), "special-tool");
        await File.WriteAllTextAsync(tool, "#!/bin/sh\n");
        File.SetUnixFileMode(tool, (UnixFileMode)0b111_101_101);
        workspace.Write(
            "deployer.yml",
            ServiceYaml.Bare("site", $"token: {ServiceYaml.Token}, pwd: '${{ONLY_THE_SERVER_HAS_IT}}'", "special-tool")
        );
        var start = ServerStart.With(workspace) with
        {
            Settings = new Dictionary<string, string>
            {
                ["PATH"] = $"{workspace.At("tools")}:/usr/bin:/bin",
                ["ONLY_THE_SERVER_HAS_IT"] = workspace.Site,
            },
        };
        File.SetUnixFileMode(workspace.Data, (UnixFileMode)0b111_000_000);
        await using var server = await RunningServer.StartAsync(start);

        var doctor = await ToEndAsync(workspace, "doctor", "--port", "0");
        var explain = await ToEndAsync(workspace, "explain", "site");

        Assert.Equal(0, doctor.ExitCode);
        Assert.Contains($"ok       site: special-tool: {tool}", doctor.Output.Lines);
        Assert.Contains(
            doctor.Output.Lines,
            line => line.StartsWith($"ok       server: process {server.Program.Id} ", StringComparison.Ordinal)
        );
        Assert.Contains($"pwd: {workspace.Site}", explain.Output.Lines);
    }

    private static Task<ProgramRun> ToEndAsync(Workspace workspace, params string[] arguments) =>
        ProgramRun.ToEndAsync(new ProgramStart(new BareServer(), workspace) { Arguments = arguments });

    private void Write(string configuration)
    {
        _workspace.Write("deployer.yml", configuration);
        File.SetUnixFileMode(_workspace.ConfigurationFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.SetUnixFileMode(_workspace.Data, (UnixFileMode)0b111_000_000);
    }

    /// <summary>A file that is made and removed again leaves a trace in the time of its folder.</summary>
    private string[] Everything() =>
        [
            .. new DirectoryInfo(_workspace.Root)
                .EnumerateFileSystemInfos("*", SearchOption.AllDirectories)
                .Select(entry => $"{entry.FullName} {entry.LastWriteTimeUtc:O}")
                .Order(StringComparer.Ordinal),
        ];

    private void Open()
    {
        File.SetUnixFileMode(_workspace.Root, (UnixFileMode)0b111_101_101);
        File.SetUnixFileMode(_workspace.Site, (UnixFileMode)0b111_111_111);
    }

    private void Script(string name, bool isExecutable, string text = "#!/bin/sh\n")
    {
        var path = _workspace.At("site", name);
        File.WriteAllText(path, text);
        File.SetUnixFileMode(path, (UnixFileMode)(isExecutable ? 0b111_101_101 : 0b110_100_100));
    }

    private async Task GitAsync(params string[] arguments)
    {
        using var git = Process.Start("git", ["-C", _workspace.Site, .. arguments]);
        await git.WaitForExitAsync();
        Assert.Equal(0, git.ExitCode);
    }

    private Task<ProgramRun> DoctorAsync(params string[] arguments) =>
        ProgramRun.ToEndAsync(
            new ProgramStart(new BareServer(), _workspace)
            {
                Arguments = ["doctor", "--listen", "127.0.0.1", .. arguments],
            }
        );
}
