using System.Diagnostics;
using ThinDeployer.Contract.Tests.Hosting;
using ThinDeployer.Contract.Tests.Http;

namespace ThinDeployer.Contract.Tests.Reloading;

/// <summary>A configuration that changes while the server runs. Each test has a server of its own.</summary>
public abstract class ReloadContract<THost>(SharedServer<THost> shared) : HostContract<THost>(shared)
    where THost : IHostProgram, new()
{
    private const string HealthToken = "the-health-token-of-these-tests";
    private const string NewToken = "the-new-token-of-these-tests";

    private static readonly Dictionary<string, string> WithHealth = new() { ["HC_TOKEN"] = HealthToken };

    protected override string Configuration => ServiceYaml.Of("site", "true");

    [Fact]
    public async Task A_token_is_rotated_without_a_restart()
    {
        await using var server = await StartOwnAsync(Service(ServiceYaml.Token, "true"));

        server.Workspace.Write("deployer.yml", Service(NewToken, "true"));

        await EventuallyAsync(server, NewToken, 202);
        Assert.Equal(403, (await DeployAsync(server, ServiceYaml.Token)).Status);
    }

    [Fact]
    public async Task What_runs_and_waits_keeps_what_it_was_accepted_with()
    {
        await using var server = await StartOwnAsync(
            ServiceYaml.Of("site", "touch began; until [ -e go ]; do sleep 0.02; done; echo old >> ran")
        );
        await server.DeployAtOnceAsync("site");
        await server.Workspace.SiteHasAsync("began");
        var waiting = await server.DeployAtOnceAsync("site");

        server.Workspace.Write("deployer.yml", ServiceYaml.Bare("other", $"token: {NewToken}, pwd: site", "true"));
        await EventuallyAsync(server, NewToken, 202, "other");
        var gone = await server.DeployAsync("site");
        server.Workspace.TouchSite("go");

        Assert.Equal((202, 404), (waiting.Status, gone.Status));
        await Eventually.IsTrueAsync(() => server.Workspace.ReadSite("ran") == "old\nold\n", "both ran as accepted");
    }

    [Fact]
    public async Task One_with_mistakes_changes_nothing_and_the_health_check_says_so()
    {
        await using var server = await StartOwnAsync(Service(ServiceYaml.Token, "true"), WithHealth);

        server.Workspace.Write("deployer.yml", "site: {token: x, comands: [ls]}\n");
        await HealthAsync(server, "comands");
        var kept = await DeployAsync(server, ServiceYaml.Token);
        var ready = await server.GetAsync("/technical/ready");
        server.Workspace.Write("deployer.yml", Service(NewToken, "true"));
        await EventuallyAsync(server, NewToken, 202);

        Assert.Equal((202, 204), (kept.Status, ready.Status));
        await HealthAsync(server, expected: null);
    }

    [Fact]
    public async Task One_that_is_mended_to_what_it_was_is_good_again()
    {
        await using var server = await StartOwnAsync(Service(ServiceYaml.Token, "true"), WithHealth);

        File.Delete(server.Workspace.ConfigurationFile);
        await HealthAsync(server, "missing");
        server.Workspace.Write("deployer.yml", Service(ServiceYaml.Token, "true"));

        await HealthAsync(server, expected: null);
    }

    [Fact]
    public async Task A_file_that_is_put_in_the_place_of_the_old_one_is_seen()
    {
        await using var server = await StartOwnAsync(Service(ServiceYaml.Token, "true"));

        var draft = server.Workspace.Write("draft", Service(NewToken, "true"));
        File.Move(draft, server.Workspace.ConfigurationFile, overwrite: true);

        await EventuallyAsync(server, NewToken, 202);
    }

    [Fact]
    public async Task A_folder_behind_a_link_may_be_exchanged_as_Kubernetes_does()
    {
        var workspace = new Workspace();
        WriteVersion(workspace, "first", ServiceYaml.Token);
        WriteVersion(workspace, "second", NewToken);
        File.CreateSymbolicLink(workspace.At("data.now"), workspace.At("first"));
        await using var server = await StartAsync(workspace, workspace.At("data.now"));

        File.CreateSymbolicLink(workspace.At("data.next"), workspace.At("second"));
        using var move = Process.Start("mv", ["-T", workspace.At("data.next"), workspace.At("data.now")]);
        await move.WaitForExitAsync();

        await EventuallyAsync(server, NewToken, 202);
    }

    [Fact]
    public async Task Files_of_a_folder_its_includes_and_token_files_count()
    {
        var workspace = new Workspace();
        workspace.Folder("conf");
        File.WriteAllText(workspace.At("conf", "a.yml"), "more: {include: ../included.yaml}\n");
        workspace.Write("included.yaml", "site: {token_file: token, pwd: site, commands: ['true']}\n");
        workspace.Write("token", ServiceYaml.Token);
        await using var server = await StartAsync(workspace, workspace.At("conf"));

        workspace.Write("token", NewToken);
        await EventuallyAsync(server, NewToken, 202);
        workspace.Write("included.yaml", "moved: {token_file: token, pwd: site, commands: ['true']}\n");
        await EventuallyAsync(server, NewToken, 202, "moved");
        File.WriteAllText(
            workspace.At("conf", "b.yml"),
            ServiceYaml.Bare("site", $"token: {NewToken}, pwd: ../site", "true")
        );
        await EventuallyAsync(server, NewToken, 202);
        File.Delete(workspace.At("conf", "b.yml"));
        await EventuallyAsync(server, NewToken, 404);
    }

    [Fact]
    public async Task No_request_sees_half_a_configuration_and_none_fails()
    {
        const int changes = 6;
        await using var server = await StartOwnAsync(Service(ServiceYaml.Token, "echo old"));
        using var end = new CancellationTokenSource();
        var load = Enumerable.Range(0, 4).Select(_ => Task.Run(() => HammerAsync(server, end.Token))).ToList();

        for (var i = 0; i < changes; i++)
        {
            var (token, command) = i % 2 == 0 ? (NewToken, "echo new") : (ServiceYaml.Token, "echo old");
            server.Workspace.Write("deployer.yml", Service(token, command));
            await EventuallyAsync(server, token, 202);
        }

        await end.CancelAsync();
        Assert.All(await Task.WhenAll(load), count => Assert.True(count > 0));
    }

    /// <summary>Each token belongs to one output; the one that does not count now is refused.</summary>
    private static async Task<int> HammerAsync(RunningServer server, CancellationToken end)
    {
        var count = 0;
        while (!end.IsCancellationRequested)
        {
            foreach (var (token, output) in new[] { (ServiceYaml.Token, "old"), (NewToken, "new") })
            {
                var answer = await DeployAsync(server, token);
                count++;
                Assert.True(
                    answer.Status == 403
                        || (answer.Status == 202 && answer.Printed is [var printed] && printed == output),
                    answer.ToString()
                );
            }
        }

        return count;
    }

    private static string Service(string token, string command) =>
        ServiceYaml.Bare("site", $"token: {token}, pwd: site, max_queued: 1000", command);

    private static void WriteVersion(Workspace workspace, string folder, string token)
    {
        workspace.Folder(folder);
        File.WriteAllText(
            workspace.At(folder, "deployer.yml"),
            ServiceYaml.Bare("site", $"token: {token}, pwd: ../site", "true")
        );
    }

    private static Task<RunningServer> StartAsync(Workspace workspace, string configuration) =>
        RunningServer.StartAsync(
            new ProgramStart(new THost(), workspace)
            {
                Settings = new Dictionary<string, string> { ["THIN_DEPLOYER_CONFIGURATION"] = configuration },
            }
        );

    private static Task<Answer> DeployAsync(RunningServer server, string token, string service = "site") =>
        server.SendAsync(HttpMethod.Post, $"/deploy/{service}", content: null, ("X-Auth-Token", token));

    private static Task EventuallyAsync(RunningServer server, string token, int status, string service = "site") =>
        Eventually.IsTrueAsync(
            async () => (await DeployAsync(server, token, service)).Status,
            status,
            $"the answer for {service}"
        );

    /// <param name="server">Whose.</param>
    /// <param name="expected">Part of the mistakes; null for a health check without them.</param>
    private static Task HealthAsync(RunningServer server, string? expected) =>
        Eventually.IsTrueAsync(
            async () =>
            {
                var answer = await server.GetAsync("/technical/healthcheck", ("X-Auth-Token", HealthToken));
                var configuration = answer
                    .Json.GetProperty("results")
                    .EnumerateArray()
                    .Where(result => result.GetProperty("checker").GetString() == "configuration")
                    .Select(result => result.GetProperty("output").GetString())
                    .SingleOrDefault();
                return (
                    expected is null
                        ? configuration is null
                        : configuration?.Contains(expected, StringComparison.Ordinal) == true
                )
                    ? 1
                    : 0;
            },
            1,
            $"the health check tells of {expected ?? "no mistake"}"
        );
}
