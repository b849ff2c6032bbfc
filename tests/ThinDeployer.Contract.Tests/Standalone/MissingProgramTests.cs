using ThinDeployer.Contract.Tests.Hosting;

namespace ThinDeployer.Contract.Tests.Standalone;

/// <summary>A machine without util-linux, which every step needs. Made by a mount that only the program sees.</summary>
public sealed class MissingProgramTests : IDisposable
{
    /// <summary>All programs but one, as links to where they really are.</summary>
    private const string WithoutSetsid =
        "exec unshare --mount sh -ec 'mkdir -p real; mount --bind /usr/bin real; here=$(pwd)/real; mount -t tmpfs none /usr/bin; "
        + "\"$here/ln\" -s \"$here\"/* /usr/bin/; rm /usr/bin/setsid; exec \"$0\" \"$@\"' \"$0\" \"$@\"";

    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [RootFact]
    public async Task The_server_does_not_start_and_says_what_to_install()
    {
        var run = await RunAsync();

        Assert.Equal(ServerStart.CouldNotStart, run.ExitCode);
        Assert.Equal(
            ["thin-deployer: No step can run: the program setsid was not found; install util-linux."],
            ServerStart.ErrorLines(run)
        );
    }

    [RootFact]
    public async Task The_doctor_says_so_and_the_validation_does_not_mind()
    {
        var doctor = await RunAsync("doctor", "--port", "0");
        var validation = await RunAsync("validate");

        Assert.Equal(1, doctor.ExitCode);
        Assert.Contains(
            "wrong    steps: the program setsid was not found, and without it none starts; install util-linux",
            doctor.Output.Lines
        );
        Assert.Equal(0, validation.ExitCode);
    }

    private Task<ProgramRun> RunAsync(params string[] arguments)
    {
        _workspace.Write("deployer.yml", ServiceYaml.Of("site", "ls"));
        return ProgramRun.ToEndAsync(
            new ProgramStart(new WrappedHost(new BareServer(), WithoutSetsid), _workspace) { Arguments = arguments }
        );
    }
}
