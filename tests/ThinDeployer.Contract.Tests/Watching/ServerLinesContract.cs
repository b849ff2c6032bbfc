using ThinDeployer.Contract.Tests.Hosting;

namespace ThinDeployer.Contract.Tests.Watching;

/// <summary>What an operator reads of the server and its deployments.</summary>
public abstract class ServerLinesContract<THost>(SharedServer<THost> shared) : HostContract<THost>(shared)
    where THost : IHostProgram, new()
{
    private const string Secret = "a-secret-of-these-tests";

    private const string Push = """{"ref": "refs/heads/main", "after": "0123456789abcdef0123456789abcdef01234567"}""";

    protected override string Configuration =>
        ServiceYaml.Of("site", "true")
        + ServiceYaml.With(
            "bad",
            $"environment: {{KEY: {{secret: {Secret}}}}}",
            "true",
            $"echo {Secret}; exit 3",
            "true"
        )
        + ServiceYaml.Of("slow", "touch began; until [ -e go ]; do sleep 0.02; done")
        + ServiceYaml.With("picky", "when: {query: go, equals: \"yes\"}", "true")
        + ServiceYaml.Bare("named", $"token: {{ci: {ServiceYaml.Token}}}, pwd: site", "true");

    protected override IReadOnlyDictionary<string, string> Settings(Workspace workspace) =>
        new Dictionary<string, string>
        {
            ["THIN_DEPLOYER_LOG_FILE_PREFIX"] = Workspace.HomeLog,
            ["THIN_DEPLOYER_ADMIN_TOKEN"] = "the-admin-token-of-these-tests",
        };

    [Fact]
    public async Task The_start_names_the_configuration_the_services_the_data_and_the_version()
    {
        var line = await LineAsync(Server, "Thin Deployer 0.");

        Assert.Contains(Server.Workspace.ConfigurationFile, line, StringComparison.Ordinal);
        Assert.Contains("5 services", line, StringComparison.Ordinal);
        Assert.Contains(Server.Workspace.Data, line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_deployment_that_starts_at_once_is_told_at_its_start_and_at_its_end()
    {
        var id = await IdAsync(Server.DeployAsync("site"));

        await LineAsync(Server, id, "INFO", "site", "accepted and starts");
        await LineAsync(Server, id, "INFO", "site", "succeeded after");
    }

    [Fact]
    public async Task One_that_waits_is_told_with_its_place()
    {
        var first = Server.DeployAsync("slow");
        await Server.Workspace.SiteHasAsync("began");
        var second = await IdAsync(Server.DeployAtOnceAsync("slow"));
        var third = await IdAsync(Server.DeployAtOnceAsync("slow"));

        Server.Workspace.TouchSite("go");
        await first;

        await LineAsync(Server, second, "accepted and waits, 0 before it");
        await LineAsync(Server, third, "accepted and waits, 1 before it");
        await LineAsync(Server, third, "INFO", "slow", "starts");
        await LineAsync(Server, third, "succeeded after");
    }

    [Fact]
    public async Task A_failed_one_is_a_warning_with_its_step_its_code_who_and_what()
    {
        using var push = new StringContent(Push, System.Text.Encoding.UTF8, "application/json");
        var answer = await Server.SendAsync(
            HttpMethod.Post,
            "/deploy/bad",
            push,
            ("X-Auth-Token", ServiceYaml.Token),
            ("X-GitHub-Event", "push")
        );

        var line = await LineAsync(Server, await IdAsync(Task.FromResult(answer)), "failed after");

        Assert.Contains(" WARN ", line, StringComparison.Ordinal);
        Assert.Contains("step 2", line, StringComparison.Ordinal);
        Assert.Contains("Command \"echo ***; exit 3\" failed with exit code 3", line, StringComparison.Ordinal);
        Assert.Contains("refs/heads/main", line, StringComparison.Ordinal);
        Assert.Contains("0123456789abcdef0123456789abcdef01234567", line, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, Log(Server), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_deploys_is_told_by_the_name_of_the_token()
    {
        var id = await IdAsync(Server.DeployAsync("named"));

        await LineAsync(Server, id, "succeeded after", "by ci");
        await LineAsync(Server, "POST /deploy/named 202 by ci for 127.0.0.1");
    }

    [Fact]
    public async Task A_request_names_the_credential_that_was_used()
    {
        await Server.DeployAsync("site?that=one");
        await Server.GetAsync("/deployments", ("X-Auth-Token", "the-admin-token-of-these-tests"));
        await Server.GetAsync("/services", ("X-Auth-Token", ServiceYaml.Token));

        await LineAsync(Server, "POST /deploy/site 202 by token for 127.0.0.1");
        await LineAsync(Server, "GET /deployments 200 by admin for 127.0.0.1");
        // It opens two services, and has a name in one of them.
        await LineAsync(Server, "GET /services 200 by ", "ci", "token");
        Assert.DoesNotContain(ServiceYaml.Token, Log(Server), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_needed_is_told_with_the_rule_that_says_so()
    {
        await Server.DeployAsync("picky?go=no");

        var line = await LineAsync(Server, "POST /deploy/picky 200");

        Assert.Contains("not_needed", line, StringComparison.Ordinal);
        Assert.Contains("when", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_end_tells_what_is_waited_for()
    {
        await using var server = await StartOwnAsync(
            ServiceYaml.Of("slow", "touch began; until [ -e go ]; do sleep 0.02; done"),
            new Dictionary<string, string> { ["THIN_DEPLOYER_LOG_FILE_PREFIX"] = Workspace.HomeLog }
        );
        var id = await IdAsync(server.DeployAtOnceAsync("slow"));
        await server.Workspace.SiteHasAsync("began");

        server.Program.Signal(PosixSignal.Terminate);
        var line = await LineAsync(server, "Stopping");
        server.Workspace.TouchSite("go");
        await server.Program.ExitAsync();

        Assert.Contains("slow", line, StringComparison.Ordinal);
        Assert.Contains(id, line, StringComparison.Ordinal);
        Assert.EndsWith("Stopped", Log(server).TrimEnd(), StringComparison.Ordinal);
    }

    private static async Task<string> IdAsync(Task<Http.Answer> deploying) =>
        (await deploying).Json.GetProperty("id").GetString()!;

    /// <summary>The first line with all of these words, once it is there.</summary>
    private static async Task<string> LineAsync(RunningServer server, params string[] words)
    {
        string? Find() =>
            Log(server)
                .Split('\n')
                .FirstOrDefault(line => words.All(word => line.Contains(word, StringComparison.Ordinal)));

        await Eventually.IsTrueAsync(
            () => Find() is not null,
            $"{string.Join(", ", words)} stood in a line of:\n{Log(server)}"
        );
        return Find()!;
    }

    private static string Log(RunningServer server) => server.Workspace.ReadHomeLog();
}
