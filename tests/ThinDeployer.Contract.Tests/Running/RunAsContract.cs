using ThinDeployer.Contract.Tests.Hosting;

namespace ThinDeployer.Contract.Tests.Running;

/// <summary>Steps with the rights of another user. They need tests that run as root.</summary>
public abstract class RunAsContract<THost>(SharedServer<THost> shared) : HostContract<THost>(shared)
    where THost : IHostProgram, new()
{
    /// <summary>Every Debian has it: a user with a group of its own.</summary>
    private const string User = "daemon";

    protected override string Configuration =>
        Environment.UserName == "root"
            ? ServiceYaml.With("service", $"run_as: {User}", "id -un; id -gn; id -G; env", "grep Cap /proc/self/status")
                + ServiceYaml.With(
                    "out",
                    $"run_as: {User}",
                    "cat /dev/stdin; echo one; echo two > /dev/stdout",
                    "echo three > /dev/stderr"
                )
                + ServiceYaml.With(
                    "loader",
                    $"run_as: {User}, environment: {{LD_DEBUG: files, LD_DEBUG_OUTPUT: trace}}",
                    "id -un; echo $LD_DEBUG_OUTPUT $#; stat -c %U trace.* | sort -u"
                )
                + ServiceYaml.Bare(
                    "payload",
                    $"token: {ServiceYaml.Token}, pwd: site, on_success: [{{run: 'cat \"$DEPLOYMENT_PAYLOAD_FILE\" > hook.body', run_as: root}}], "
                        + $"run_as: {User}",
                    "cat \"$DEPLOYMENT_PAYLOAD_FILE\"; echo; stat -c '%U %a' \"$DEPLOYMENT_PAYLOAD_FILE\""
                )
                + ServiceYaml.With("same", "run_as: root", "id -un")
                + ServiceYaml.Bare(
                    "step",
                    $"token: {ServiceYaml.Token}, pwd: site, on_success: [{{run: id -un > hook, run_as: root}}], run_as: {User}, "
                        + $"environment: {{HOME: /elsewhere}}",
                    "id -un; echo $HOME"
                )
                + Elsewhere("locked", "locked")
                + Elsewhere("inside", "locked/inside")
                + ServiceYaml.With(
                    "deaf",
                    $"run_as: {User}, timeout: 300ms, stop_grace: 200ms",
                    "trap '' TERM; setsid sleep 600 & echo $! > orphan; echo $$ > shell; while :; do sleep 1; done"
                )
            : ServiceYaml.Of("service", "true");

    protected override IReadOnlyDictionary<string, string> Settings(Workspace workspace) =>
        new Dictionary<string, string> { ["SSH_AUTH_SOCK"] = "/somewhere/agent" };

    protected override void Prepare(Workspace workspace)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        File.SetUnixFileMode(workspace.Root, (UnixFileMode)0b111_101_101);
        File.SetUnixFileMode(workspace.Site, (UnixFileMode)0b111_111_111);
        File.SetUnixFileMode(workspace.Folder("locked", "inside"), (UnixFileMode)0b111_111_111);
        File.SetUnixFileMode(workspace.Folder("locked"), (UnixFileMode)0b111_000_000);
    }

    [RootFact]
    public async Task The_body_of_a_request_belongs_to_the_user_of_the_step()
    {
        using var body = new StringContent("{\"a\": 1}");

        var answer = await Server.DeployAsync("payload", body);

        Assert.Equal(["{\"a\": 1}", $"{User} 600"], answer.Printed);
        Assert.Equal("{\"a\": 1}", Server.Workspace.ReadSite("hook.body"));
    }

    [RootFact]
    public async Task All_steps_of_a_service_may_run_as_another_user()
    {
        var answer = await Server.DeployAsync("service");

        Assert.Equal((202, User), (answer.Status, answer.Header("X-Runs-As")));
        Assert.Equal([User, User, "1"], answer.Printed[..3]);
        Assert.Contains("USER=daemon", answer.Printed);
        Assert.Contains("LOGNAME=daemon", answer.Printed);
        Assert.Contains("HOME=/usr/sbin", answer.Printed);
        Assert.Contains("SHELL=/bin/sh", answer.Printed);
        Assert.DoesNotContain(answer.Printed, line => line.StartsWith("SSH_AUTH_SOCK", StringComparison.Ordinal));
        Assert.DoesNotContain(answer.Printed, line => line.StartsWith("OLDPWD", StringComparison.Ordinal));
        Assert.Contains("CapEff:\t0000000000000000", answer.Printed);
        Assert.Contains("CapInh:\t0000000000000000", answer.Printed);
    }

    [RootFact]
    public async Task Groups_and_inheritable_capabilities_of_the_server_are_not_passed_on()
    {
        await using var server = await StartOwnAsync(
            ServiceYaml.With("site", $"run_as: {User}", "id -G", "grep CapInh /proc/self/status"),
            before: "chmod 755 . && exec setpriv --groups 4,24 --inh-caps +net_raw -- \"$0\" \"$@\""
        );

        var answer = await server.DeployAsync("site");

        Assert.Equal(
            ["1", "CapInh:\t0000000000000000"],
            answer.Printed.Where(line => line.Length > 0 && line[0] != ' ')
        );
    }

    [RootFact]
    public async Task It_may_open_its_input_and_output_by_name()
    {
        var answer = await Server.DeployAsync("out");

        Assert.Equal(["one", "two", "three"], answer.Printed);
    }

    [RootFact]
    public async Task The_servers_own_user_is_no_other()
    {
        var answer = await Server.DeployAsync("same");

        Assert.Equal(["root"], answer.Printed);
    }

    [RootFact]
    public async Task A_step_may_run_as_yet_another_and_the_configured_environment_wins()
    {
        var answer = await Server.DeployAsync("step");

        Assert.Equal([User, "/elsewhere"], answer.Printed[..2]);
        Assert.Equal("root\n", Server.Workspace.ReadSite("hook"));
    }

    [RootFact]
    public async Task What_the_loader_reads_reaches_the_users_programs_and_none_of_roots()
    {
        var answer = await Server.DeployAsync("loader");

        Assert.Equal([User, "trace 0", User], answer.Printed);
    }

    [RootTheory]
    [InlineData("locked", "locked")]
    [InlineData("inside", "locked/inside")]
    public async Task A_folder_that_the_user_may_not_enter_is_named(string service, string folder)
    {
        var answer = await Server.DeployAsync(service);

        Assert.Equal(500, answer.Status);
        Assert.Equal(
            [
                "Command \"pwd\" failed: it could not start, because "
                    + $"user {User} may not enter the folder \"{Server.Workspace.At(folder)}\"",
            ],
            answer.Printed
        );
    }

    [RootFact]
    public async Task It_is_stopped_whole()
    {
        var answer = await Server.DeployAsync("deaf");

        Assert.Equal("timed_out", answer.Json.GetProperty("status").GetString());
        Assert.False(Server.Workspace.SiteProcess("shell").IsAlive);
        Assert.False(Server.Workspace.SiteProcess("orphan").IsAlive);
    }

    private static string Elsewhere(string service, string folder) =>
        ServiceYaml.Bare(
            service,
            $"token: {ServiceYaml.Token}, pwd: {folder}, run_as: {User}, environment: {{USER: another}}",
            "pwd"
        );
}
