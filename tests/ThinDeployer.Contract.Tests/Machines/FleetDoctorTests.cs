using ThinDeployer.Contract.Tests.Hosting;
using ThinDeployer.Contract.Tests.Standalone;

namespace ThinDeployer.Contract.Tests.Machines;

/// <summary>What <c>doctor</c> says of the way between a front and its machines.</summary>
[Collection(OneFleetBroker.Name)]
public sealed class FleetDoctorTests(SharedBroker shared)
{
    private const string Front = $$$"""
        site: {token: {{{ServiceYaml.Token}}}, machines: [web-1, web-9]}

        """;

    private static readonly string Machine = ServiceYaml.Bare("site", "pwd: site", "true");

    [Fact]
    public async Task Beside_a_fleet_it_says_who_is_let_in_and_who_is_missing_and_takes_nothing_away()
    {
        await using var fleet = await Fleet.StartAsync(shared.Broker, Front, _ => Machine, ["web-1"]);

        var front = await DoctorAsync(fleet.Front.Workspace);
        var machine = await DoctorAsync(fleet["web-1"].Workspace);
        var end = await fleet.DeployAsync("site");

        Assert.Contains("ok       broker: its login may do what a front must", front.Output.Lines);
        Assert.Contains(
            front.Output.Lines,
            line => line.StartsWith("wrong    site: machines: web-9 has not joined", StringComparison.Ordinal)
        );
        Assert.Equal(1, front.ExitCode);
        Assert.Contains("ok       broker: this machine is let in as web-1", machine.Output.Lines);
        Assert.Equal(0, machine.ExitCode);
        Assert.Equal("succeeded", Fleet.StatusOf(end, "web-1"));
    }

    [Fact]
    public async Task A_machine_that_was_removed_is_told()
    {
        await using var fleet = await Fleet.StartAsync(shared.Broker, Front, _ => Machine, ["web-1"]);
        await fleet.AdminAsync(HttpMethod.Delete, "/machines/web-1");

        var machine = await DoctorAsync(fleet["web-1"].Workspace);

        Assert.Equal(1, machine.ExitCode);
        Assert.Contains(
            machine.Output.Lines,
            line =>
                line.StartsWith("wrong    broker: ", StringComparison.Ordinal)
                && line.Contains("the login web-1", StringComparison.Ordinal)
        );
    }

    [Theory]
    [InlineData("amqp://keeper:wrong@127.0.0.1:{0}/?management={1}", "broker: ", "refuses the login keeper")]
    [InlineData("amqp://keeper:a-keepers-password@127.0.0.1:{0}/?management=1", "broker: ", "rabbitmq-plugins enable")]
    [InlineData("amqp://keeper:a-keepers-password@127.0.0.1:1/", "broker: ", "can't be reached")]
    [InlineData(null, "site: machines: ", "--broker")]
    public async Task What_keeps_a_front_from_its_machines_is_told(string? address, string what, string why)
    {
        using var workspace = new Workspace();
        workspace.Write("deployer.yml", Front);
        string[] broker = address is null
            ? []
            : ["--broker", string.Format(null, address, shared.Broker.Port, shared.Broker.ManagementPort)];

        var run = await DoctorAsync(workspace, broker);

        Assert.Equal(1, run.ExitCode);
        var line = Assert.Single(
            run.Output.Lines,
            line => line.StartsWith($"wrong    {what}", StringComparison.Ordinal)
        );
        Assert.Contains(why, line, StringComparison.Ordinal);
        Assert.DoesNotContain(TestBroker.Password, line, StringComparison.Ordinal);
    }

    private static Task<ProgramRun> DoctorAsync(Workspace workspace, params string[] arguments) =>
        ProgramRun.ToEndAsync(
            new ProgramStart(new BareServer(), workspace)
            {
                Arguments = ["doctor", "--listen", "127.0.0.1", "--port", "0", .. arguments],
            }
        );
}
