using ThinDeployer.Contract.Tests.Hosting;
using ThinDeployer.Contract.Tests.Http;

namespace ThinDeployer.Contract.Tests.Standalone;

/// <summary>What switches and variables do to a server that starts.</summary>
public sealed class SettingTests
{
    [Fact]
    public async Task At_its_start_it_tells_where_it_listens_and_which_services_it_has_but_no_token()
    {
        await using var server = await StartAsync([]);

        await Eventually.IsTrueAsync(
            () => server.Program.Output.Text.Contains("Services: site", StringComparison.Ordinal),
            "the services were told"
        );
        Assert.Contains(
            $"listens on {server.Address.GetLeftPart(UriPartial.Authority)}",
            server.Program.Output.Text,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain(ServiceYaml.Token, server.Program.Transcript, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Port_and_address_may_be_variables()
    {
        var settings = new Dictionary<string, string>
        {
            ["THIN_DEPLOYER_PORT"] = "0",
            ["THIN_DEPLOYER_LISTEN"] = "127.0.0.1",
        };
        await using var server = await RunningServer.StartAsync(
            new ProgramStart(new BareServer(), NewWorkspace()) { Settings = settings }
        );

        Assert.Equal(200, (await server.GetAsync("/")).Status);
    }

    [Fact]
    public async Task A_switch_wins_over_its_variable()
    {
        await using var server = await StartAsync(
            new()
            {
                ["THIN_DEPLOYER_PORT"] = "no number",
                ["THIN_DEPLOYER_LISTEN"] = "192.0.2.1",
                ["THIN_DEPLOYER_CONFIGURATION"] = "/no/such/file.yml",
                ["THIN_DEPLOYER_MAX_BODY"] = "10MiB",
            },
            "--configuration",
            "deployer.yml",
            "--max-body",
            "10B"
        );

        var answer = await server.SendRawAsync(
            RawRequest.Post("/deploy/site", "eleven byte", $"X-Auth-Token: {ServiceYaml.Token}")
        );

        Assert.Equal(413, answer.Status);
    }

    [Fact]
    public async Task An_empty_variable_counts_as_not_set()
    {
        await using var server = await StartAsync(
            new()
            {
                ["THIN_DEPLOYER_PORT"] = "",
                ["THIN_DEPLOYER_LISTEN"] = "",
                ["THIN_DEPLOYER_MAX_BODY"] = "",
                ["THIN_DEPLOYER_DATA"] = "",
                ["THIN_DEPLOYER_LOG_FILE_PREFIX"] = "",
                ["HC_MAX_DISK_USAGE"] = "",
            }
        );

        Assert.Equal(200, (await server.GetAsync("/")).Status);
    }

    [Theory]
    [InlineData(403, "--hide-services")]
    [InlineData(403, "--hide-services", "yes")]
    [InlineData(404, "--hide-services", "false")]
    [InlineData(404)]
    public async Task Services_are_hidden_by_a_switch_that_may_stand_alone(int status, params string[] arguments)
    {
        await using var server = await StartAsync([], arguments);

        Assert.Equal(status, (await server.GetAsync("/deploy/unknown")).Status);
    }

    [Fact]
    public async Task A_variable_that_nobody_knows_is_passed_over()
    {
        await using var server = await StartAsync(new() { ["THIN_DEPLOYER_SURPRISE"] = "x", ["PORT"] = "x" });

        Assert.Equal(200, (await server.GetAsync("/")).Status);
    }

    [Fact]
    public async Task The_log_goes_to_the_very_file_that_is_named_and_to_the_console()
    {
        await using var server = await StartAsync([], "--log-file-prefix", "logs/of the server.log");

        await server.GetAsync("/looked-for");

        await Eventually.IsTrueAsync(
            () =>
                ReadLog(server).Contains("/looked-for", StringComparison.Ordinal)
                && server.Program.Output.Text.Contains("/looked-for", StringComparison.Ordinal),
            "the request was logged"
        );
        Assert.Contains("listens on", ReadLog(server), StringComparison.Ordinal);
    }

    private static string ReadLog(RunningServer server) =>
        File.ReadAllText(server.Workspace.At("logs", "of the server.log"));

    private static Task<RunningServer> StartAsync(Dictionary<string, string> settings, params string[] arguments) =>
        RunningServer.StartAsync(ServerStart.With(NewWorkspace(), arguments) with { Settings = settings });

    private static Workspace NewWorkspace()
    {
        var workspace = new Workspace();
        workspace.Write("deployer.yml", ServiceYaml.Of("site", "true"));
        return workspace;
    }
}
