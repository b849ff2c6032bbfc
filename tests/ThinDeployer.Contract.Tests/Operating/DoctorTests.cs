using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using ThinDeployer.Contract.Tests.Hosting;
using ThinDeployer.Contract.Tests.Standalone;

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
        Assert.All(run.Output.Lines, line => Assert.Matches("^ok       [^ ]", line));
        Assert.Contains(
            run.Output.Lines,
            line => line.StartsWith("ok       site: ./deploy.sh: ", StringComparison.Ordinal)
        );
        Assert.Contains(run.Output.Lines, line => line.Contains($"HOME={_workspace.Home}", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("nosuchprogram --now", "site: nosuchprogram: not found in")]
    [InlineData("FOO=1 nosuchprogram", "site: nosuchprogram: not found in")]
    [InlineData("./missing.sh", "site: ./missing.sh: not found in")]
    [InlineData("./plain.sh", "site: ./plain.sh: ")]
    public async Task A_program_that_a_command_can_not_start_is_wrong_with_its_cure(string command, string told)
    {
        Write(ServiceYaml.Of("site", command));
        Script("plain.sh", isExecutable: false);

        var run = await DoctorAsync("--port", "0");

        Assert.Equal(1, run.ExitCode);
        var line = Assert.Single(run.Output.Lines, line => line.StartsWith("wrong", StringComparison.Ordinal));
        Assert.Contains(told, line, StringComparison.Ordinal);
        Assert.Contains("; ", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_command_of_a_service_is_run()
    {
        Write(ServiceYaml.Of("site", "touch ran", "./deploy.sh"));
        Script("deploy.sh", isExecutable: true);

        await DoctorAsync("--port", "0");

        Assert.False(File.Exists(_workspace.At("site", "ran")));
        Assert.False(Directory.Exists(_workspace.At("data", "logs")));
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

    private void Write(string configuration)
    {
        _workspace.Write("deployer.yml", configuration);
        File.SetUnixFileMode(_workspace.ConfigurationFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.SetUnixFileMode(_workspace.Data, (UnixFileMode)0b111_000_000);
    }

    private void Open()
    {
        File.SetUnixFileMode(_workspace.Root, (UnixFileMode)0b111_101_101);
        File.SetUnixFileMode(_workspace.Site, (UnixFileMode)0b111_111_111);
    }

    private void Script(string name, bool isExecutable)
    {
        var path = _workspace.At("site", name);
        File.WriteAllText(path, "#!/bin/sh\n");
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
