using Microsoft.AspNetCore.Http;
using ThinDeployer.Contract.Tests.Hosting;

namespace ThinDeployer.Contract.Tests.Client;

/// <summary>The commands <c>machines list</c>, <c>add</c> and <c>remove</c>.</summary>
public sealed class MachineCommandTests : IDisposable
{
    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public async Task What_is_added_gives_its_code_alone_and_says_beside_it_what_to_do()
    {
        var run = await RunAsync(
            201,
            """{"name": "web-1", "code": "td1.abc", "until": "2026-11-30T13:00:00.000Z"}""",
            "POST /machines name=web-1",
            "machines",
            "add",
            "web-1"
        );

        Assert.Equal((0, "td1.abc"), (run.ExitCode, run.Output.Text.TrimEnd()));
        Assert.Contains("2026-11-30T13:00:00.000Z", run.Errors.Text, StringComparison.Ordinal);
        Assert.Contains("thin-deployer agent --join CODE", run.Errors.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_list_shows_how_each_stands_and_what_is_deployed_there()
    {
        const string machines = """
            {"machines": [
              {"name": "web-1", "state": "online", "lastSeenAt": "2026-11-30T12:00:00.000Z", "version": "1.2.3",
               "clockSkewMs": -90500, "services": ["shop", "site"],
               "deployments": [{"machine": "web-1", "service": "shop", "id": "0193", "status": "failed", "live": "0192"}]},
              {"name": "web-2", "state": "joining", "codeUntil": "2026-11-30T13:00:00.000Z", "deployments": []}],
             "trouble": "the broker is away"}
            """;

        var run = await RunAsync(200, machines, "GET /machines ", "machines", "list");

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("the broker is away", run.Errors.Text, StringComparison.Ordinal);
        Assert.Equal(
            [
                "MACHINE  STATE    LAST SEEN                            VERSION  CLOCK    SERVICES",
                "web-1    online   2026-11-30T12:00:00.000Z             1.2.3    -90.5 s  shop site",
                "web-2    joining  code until 2026-11-30T13:00:00.000Z",
                "",
                "MACHINE  SERVICE  STATUS  ID    LIVE",
                "web-1    shop     failed  0193  0192",
            ],
            run.Output.Lines
        );
    }

    [Fact]
    public async Task What_is_removed_is_said()
    {
        var run = await RunAsync(
            200,
            """{"message": "The machine is removed"}""",
            "DELETE /machines/web-1 ",
            "machines",
            "remove",
            "web-1"
        );

        Assert.Equal((0, "Machine web-1 is removed"), (run.ExitCode, run.Output.Text.TrimEnd()));
    }

    [Fact]
    public async Task A_deployment_on_several_machines_shows_how_it_stands_on_each()
    {
        const string whole = """
            {"id": "0190", "service": "shop", "status": "failed", "durationMs": 2000, "steps": [], "trigger": {},
             "machines": [
               {"machine": "web-1", "id": "0191", "status": "succeeded", "batch": 1, "durationMs": 700},
               {"machine": "web-2", "id": "0192", "status": "expired", "batch": 2, "note": "it was never seen"}]}
            """;

        var run = await RunAsync(200, whole, "GET /deployments/latest ", "status", "latest");

        Assert.Equal(
            [
                "shop failed 2.0 s",
                "",
                "MACHINE  BATCH  STATUS     TOOK   ID    NOTE",
                "web-1    1      succeeded  0.7 s  0191",
                "web-2    2      expired           0192  it was never seen",
            ],
            run.Output.Lines
        );
    }

    [Fact]
    public async Task The_part_of_one_machine_names_it_and_the_whole()
    {
        const string part = """
            {"id": "0192", "service": "shop", "status": "expired", "steps": [], "trigger": {},
             "machine": "web-2", "parent": "0190", "note": "it was never seen"}
            """;

        var run = await RunAsync(200, part, "GET /deployments/0192 ", "status", "0192");

        Assert.Equal(
            ["shop expired", "  machine: web-2", "  part of: 0190", "  note: it was never seen"],
            run.Output.Lines
        );
    }

    [Fact]
    public async Task One_machine_can_go_back_alone()
    {
        var run = await RunAsync(
            202,
            """{"id": "0193", "status": "waiting"}""",
            "POST /services/shop/rollback?machine=web-1 ",
            "rollback",
            "shop",
            "--machine",
            "web-1",
            "--no-wait"
        );

        Assert.Equal((0, "0193"), (run.ExitCode, run.Output.Text.TrimEnd()));
    }

    [Fact]
    public async Task The_log_of_a_machine_that_is_not_there_is_said_to_be_missing()
    {
        const string whole = """{"id": "0190", "machines": [{"machine": "web-1", "id": "0191"}]}""";

        var run = await RunAsync(200, whole, "GET /deployments/0190 ", "log", "0190", "--machine", "web-9");

        Assert.Equal((ClientProgram.Refused, ""), (run.ExitCode, run.Output.Text));
        Assert.Contains("deployment 0190 has no machine web-9", run.Errors.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("list", "GET /machines ")]
    [InlineData("add", "POST /machines name=web-1")]
    [InlineData("remove", "DELETE /machines/web-1 ")]
    public async Task Who_is_refused_is_told_why(string command, string asked)
    {
        string[] name = command == "list" ? [] : ["web-1"];

        var run = await RunAsync(
            409,
            """{"message": "start it with --broker"}""",
            asked,
            ["machines", command, .. name]
        );

        Assert.Equal((ClientProgram.Refused, ""), (run.ExitCode, run.Output.Text));
        Assert.Contains("start it with --broker (409)", run.Errors.Text, StringComparison.Ordinal);
    }

    private async Task<ProgramRun> RunAsync(int status, string json, string asked, params string[] arguments)
    {
        string? seen = null;
        await using var server = await StandInServer.StartAsync(async context =>
        {
            using var body = new StreamReader(context.Request.Body);
            seen =
                $"{context.Request.Method} {context.Request.Path}{context.Request.QueryString} {await body.ReadToEndAsync()}";
            context.Response.StatusCode = status;
            await context.Response.WriteAsync(json);
        });

        var run = await ProgramRun.ToEndAsync(ClientProgram.Start(_workspace, server.Address, arguments));

        Assert.Equal(asked, seen);
        return run;
    }
}
