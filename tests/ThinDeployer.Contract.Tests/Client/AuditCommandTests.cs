using System.Text.Json;
using ThinDeployer.Contract.Tests.Auditing;
using ThinDeployer.Contract.Tests.Hosting;
using ThinDeployer.Contract.Tests.Paging;
using ThinDeployer.Contract.Tests.Standalone;

namespace ThinDeployer.Contract.Tests.Client;

/// <summary>The command <c>audit</c>.</summary>
public sealed class AuditCommandTests(SharedServer<StandaloneServer> shared)
    : HostContract<StandaloneServer>(shared),
        IClassFixture<SharedServer<StandaloneServer>>
{
    protected override string Configuration => ServiceYaml.Of("site", "true") + ServiceYaml.Of("other", "true");

    protected override IReadOnlyDictionary<string, string> Settings(Workspace workspace) => PageSession.Settings;

    protected override void Prepare(Workspace workspace)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        workspace.Write("viewer.token", PageSession.ViewerToken + "\n");
    }

    [Fact]
    public async Task It_prints_a_line_of_JSON_for_each_entry_the_newest_last()
    {
        var first = (await Server.DeployAsync("site")).Json.GetProperty("id").GetString();
        var second = (await Server.DeployAsync("site")).Json.GetProperty("id").GetString();
        await Server.DeployAsync("other");
        await AuditReading.EntriesAsync(Server, "", 3);

        var all = await AuditAsync("--service", "site");
        var newest = await AuditAsync("--service", "site", "--limit", "1");
        var none = await AuditAsync("--what", "cancel");

        Assert.Equal([first, second], Ids(all));
        Assert.Equal([second], Ids(newest));
        Assert.Equal((0, 0), (none.ExitCode, none.Output.Lines.Count));
    }

    [Fact]
    public async Task Who_may_not_see_it_is_told_so()
    {
        var run = await ClientProgram.RunAsync(Server, "audit");
        var wrong = await AuditAsync("--what", "dance");

        Assert.Equal((ClientProgram.Refused, ClientProgram.Refused), (run.ExitCode, wrong.ExitCode));
        Assert.Contains("does not open the audit (404)", run.Errors.Text, StringComparison.Ordinal);
        Assert.Contains("\"what\" must be one of: deploy, cancel", wrong.Errors.Text, StringComparison.Ordinal);
    }

    private Task<ProgramRun> AuditAsync(params string[] arguments) =>
        ClientProgram.RunAsync(Server, ["audit", "--token-file", Server.Workspace.At("viewer.token"), .. arguments]);

    private static IEnumerable<string?> Ids(ProgramRun run) =>
        run.Output.Lines.Select(line =>
        {
            using var entry = JsonDocument.Parse(line);
            return entry.RootElement.GetProperty("deploymentId").GetString();
        });
}
