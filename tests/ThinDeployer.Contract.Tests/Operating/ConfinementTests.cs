using ThinDeployer.Contract.Tests.Hosting;
using ThinDeployer.Contract.Tests.Standalone;

namespace ThinDeployer.Contract.Tests.Operating;

/// <summary>What a unit took away from the server and its steps is told with the directive that did it, and the command that needs it.</summary>
public sealed class ConfinementTests
{
    private const string ReadOnlyFolders =
        "mount --make-rprivate / && mount --bind /etc /etc && mount -o remount,ro,bind /etc && exec \"$0\" \"$@\"";

    [RootTheory]
    [InlineData(
        "--no-new-privs",
        "sudo -n systemctl restart shop",
        "site: sudo: it gains no rights",
        "NoNewPrivileges="
    )]
    [InlineData("--no-new-privs", "make; doas cp a b", "site: doas: it gains no rights", "RestrictSUIDSGID")]
    [InlineData("--no-new-privs", "podman build .", "site: podman: as another user", "NoNewPrivileges=")]
    [InlineData("--bounding-set=-setuid", "sudo -n true", "site: sudo: nothing that", "CapabilityBoundingSet=")]
    [InlineData("--bounding-set=-setuid", "true", "site: run_as: the server may not", "User=")]
    public async Task What_gains_rights_is_wrong_where_nothing_may(
        string taken,
        string command,
        string told,
        string directive
    )
    {
        using var workspace = With(command, "run_as: daemon");

        var run = await DoctorAsync(workspace, "/usr/bin/setpriv", taken);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains(
            run.Output.Lines,
            line =>
                line.StartsWith($"wrong    {told}", StringComparison.Ordinal)
                && line.Contains(directive, StringComparison.Ordinal)
        );
    }

    [RootTheory]
    [InlineData("sudo cp site.conf /etc/nginx/conf.d")]
    [InlineData("echo text | sudo -n tee -a /etc/motd")]
    [InlineData("echo text > /etc/motd")]
    [InlineData("sed -i s/a/b/ /etc/motd")]
    [InlineData("apt-get -y install nginx")]
    public async Task What_writes_where_all_is_read_only_is_wrong(string command)
    {
        using var workspace = With(command);

        var run = await DoctorAsync(workspace, "/usr/bin/unshare", "--mount", "/bin/sh", "-c", ReadOnlyFolders);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains(
            run.Output.Lines,
            line =>
                line.StartsWith("wrong    site: writes: /etc", StringComparison.Ordinal)
                && line.Contains("ProtectSystem=", StringComparison.Ordinal)
        );
    }

    [RootTheory]
    [InlineData("cp /etc/motd .")]
    [InlineData("grep -r a /etc")]
    [InlineData("apt-get --version")]
    [InlineData("ls > /dev/null")]
    public async Task What_only_reads_there_is_not(string command)
    {
        using var workspace = With(command);

        var run = await DoctorAsync(workspace, "/usr/bin/unshare", "--mount", "/bin/sh", "-c", ReadOnlyFolders);

        Assert.DoesNotContain("site: writes", run.Output.Text, StringComparison.Ordinal);
        Assert.Contains("/etc read-only", run.Output.Text, StringComparison.Ordinal);
    }

    [RootFact]
    public async Task Asked_from_outside_it_looks_at_the_server_that_runs()
    {
        var workspace = With("sudo -n true", "run_as: daemon");
        await using var server = await RunningServer.StartAsync(
            new ProgramStart(new Confined("/usr/bin/setpriv", "--no-new-privs"), workspace)
            {
                Arguments = ["--listen", "127.0.0.1", "--port", "0"],
            }
        );

        var run = await ProgramRun.ToEndAsync(
            new ProgramStart(new BareServer(), workspace) { Arguments = ["doctor", "--port", "0"] }
        );

        Assert.Contains(
            run.Output.Lines,
            line =>
                line.StartsWith("ok       confinement: no new privileges", StringComparison.Ordinal)
                && line.Contains($"of process {server.Program.Id},", StringComparison.Ordinal)
        );
        Assert.Contains("wrong    site: sudo: it gains no rights", run.Output.Text, StringComparison.Ordinal);
    }

    [RootFact]
    public async Task Free_as_a_shell_nothing_is_told_of_a_command()
    {
        using var workspace = With("sudo -n cp a /etc/b", "run_as: daemon");

        var run = await DoctorAsync(workspace, "/usr/bin/env");

        Assert.DoesNotContain("site: sudo: it", run.Output.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("site: writes", run.Output.Text, StringComparison.Ordinal);
    }

    private static Workspace With(string command, string more = "")
    {
        var workspace = new Workspace();
        workspace.Write("deployer.yml", ServiceYaml.With("site", more, command));
        File.SetUnixFileMode(workspace.Root, (UnixFileMode)0b111_101_101);
        return workspace;
    }

    private static Task<ProgramRun> DoctorAsync(Workspace workspace, params string[] before) =>
        ProgramRun.ToEndAsync(
            new ProgramStart(new Confined(before), workspace)
            {
                Arguments = ["doctor", "--listen", "127.0.0.1", "--port", "0"],
            }
        );

    /// <summary>The program, started by one that takes something away from it.</summary>
    private sealed class Confined(params string[] before) : IHostProgram
    {
        public string Path => before[0];

        public IReadOnlyList<string> Arguments { get; } = [.. before[1..], ServerProgram.Path];

        public IReadOnlyDictionary<string, string> Environment { get; } = new Dictionary<string, string>();
    }
}
