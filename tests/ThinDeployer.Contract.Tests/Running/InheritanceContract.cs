using ThinDeployer.Contract.Tests.Hosting;

namespace ThinDeployer.Contract.Tests.Running;

/// <summary>What a step does not get from the process of the server: ignored signals, the mask of files, open files.</summary>
public abstract class InheritanceContract<THost>(SharedServer<THost> shared) : HostContract<THost>(shared)
    where THost : IHostProgram, new()
{
    /// <summary>As <c>nohup … &amp;</c> in a script, and more.</summary>
    private const string Ignoring = "trap '' HUP INT QUIT PIPE USR1 USR2 ALRM TSTP TTIN TTOU XFSZ 34 64";

    private const string Signals = "grep -E '^Sig(Ign|Blk)' /proc/self/status";

    /// <summary>All beyond the first three; the shell itself looks, so that none is open for that.</summary>
    private const string Descriptors =
        "n=3; while [ $n -lt 400 ]; do [ -e /proc/$$/fd/$n ] && readlink /proc/$$/fd/$n; n=$((n + 1)); done; echo looked";

    private const string Modes = "rm -rf made; mkdir made; echo > made/file; stat -c %a made made/file";

    private static readonly string Masks =
        "masks: {token: "
        + ServiceYaml.Token
        + $", pwd: site, umask: \"027\", commands: [{ServiceYaml.Quoted(Modes)}, {{run: {ServiceYaml.Quoted(Modes)}, umask: 0077}}], "
        + $"on_success: [{ServiceYaml.Quoted("echo > hook.file")}]}}\n";

    private static string Services =>
        ServiceYaml.Of("signals", Signals, Signals)
        + ServiceYaml.Of("descriptors", Descriptors, Descriptors)
        + (
            Environment.UserName == "root"
                ? ServiceYaml.With("another", "run_as: daemon", Signals, "umask", Descriptors)
                : ServiceYaml.Of("another", "exit 1")
        );

    [Fact]
    public async Task Signals_that_the_server_was_told_to_ignore_have_their_default_effect()
    {
        await using var server = await StartOwnAsync(Services, before: Ignoring);

        var answer = await server.DeployAsync("signals");

        string[] none = ["SigBlk:\t0000000000000000", "SigIgn:\t0000000000000000"];
        Assert.Equal(
            [.. none, .. none],
            answer.Printed.Where(line => line.StartsWith("Sig", StringComparison.Ordinal))
        );
    }

    [Fact]
    public async Task The_server_still_ignores_them()
    {
        await using var server = await StartOwnAsync(Services, before: Ignoring);
        await server.DeployAsync("signals");

        server.Program.Signal(PosixSignal.User1);
        server.Program.Signal(PosixSignal.HangUp);

        Assert.Equal(202, (await server.DeployAsync("signals")).Status);
    }

    [Fact]
    public async Task No_file_that_is_open_in_the_server_is_open_in_a_step()
    {
        await using var server = await StartOwnAsync(
            Services,
            before: "exec 3</etc/hostname 7>>inherited 9</etc/passwd"
        );

        var answer = await server.DeployAsync("descriptors");

        Assert.Equal(
            ["looked", "looked"],
            answer.Printed.Where(line => !line.StartsWith(" >", StringComparison.Ordinal))
        );
    }

    [Fact]
    public async Task The_mask_of_files_is_the_configured_one_whatever_the_servers()
    {
        await using var server = await StartOwnAsync(
            ServiceYaml.Of("modes", Modes, Modes) + Masks,
            before: "umask 077"
        );

        var modes = await server.DeployAsync("modes");
        var masks = await server.DeployAsync("masks");

        Assert.Equal(["755", "644", "755", "644"], modes.Printed.Where(line => line.Length == 3));
        Assert.Equal(["750", "640", "700", "600"], masks.Printed.Where(line => line.Length == 3));
    }

    [Fact]
    public async Task A_hook_has_the_mask_of_its_service()
    {
        await using var server = await StartOwnAsync(Masks, before: "umask 077");

        await server.DeployAsync("masks");

        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead,
            File.GetUnixFileMode(server.Workspace.At("site", "hook.file"))
        );
    }

    [RootFact]
    public async Task So_it_is_with_the_rights_of_another_user()
    {
        await using var server = await StartOwnAsync(
            Services,
            before: Ignoring + "; umask 077; exec 5</etc/hostname; chmod 755 ."
        );

        var answer = await server.DeployAsync("another");

        Assert.Equal(202, answer.Status);
        Assert.Contains("SigIgn:\t0000000000000000", answer.Printed);
        Assert.Contains("0022", answer.Printed);
        Assert.DoesNotContain("/etc/hostname", answer.Printed);
    }
}
