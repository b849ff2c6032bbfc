using ThinDeployer.Contract.Tests.Hosting;

namespace ThinDeployer.Contract.Tests.Live;

/// <summary>A step that waits for a deployment that waits for it: it can't end, but it can be told.</summary>
public abstract class CircleContract<THost>(SharedServer<THost> shared) : HostContract<THost>(shared)
    where THost : IHostProgram, new()
{
    private const string OneAtATime = "THIN_DEPLOYER_MAX_PARALLEL";

    protected override string Configuration =>
        ServiceYaml.With("same", "", Waits("same", Named))
        + ServiceYaml.With("outer", "lock: host", Waits("inner", Named))
        + ServiceYaml.With("inner", "lock: host", "true")
        + ServiceYaml.With("lets-go", "", Waits("lets-go", "Prefer: respond-async"))
        + ServiceYaml.With("wide", "parallel: 2", Waits("wide", Named));

    /// <summary>By this header the step says who it is, as the client does.</summary>
    protected const string Named = "X-Deployment-Id: $DEPLOYMENT_ID";

    protected override IReadOnlyDictionary<string, string> Settings(Workspace workspace) => LogsTo(workspace);

    [Theory]
    [InlineData("same", "same")]
    [InlineData("outer", "inner")]
    public async Task It_is_told_at_once_where_the_step_shows_and_in_the_servers_log(string outer, string inner)
    {
        var id = await BeginAsync(Server, outer);

        await IsToldAsync(Server, id, outer, inner);
        await Server.ControlAsync($"{id}/cancel");
        await Server.EndOfAsync(id);
    }

    [Fact]
    public async Task So_it_is_where_only_one_may_run_at_all()
    {
        await using var server = await StartOwnAsync(
            ServiceYaml.Of("one", Waits("two", Named)) + ServiceYaml.Of("two", "true"),
            new Dictionary<string, string> { [OneAtATime] = "1" }
        );

        var id = await BeginAsync(server, "one");

        await IsToldAsync(server, id, "one", "two");
    }

    [Theory]
    [InlineData("lets-go")]
    [InlineData("wide")]
    public async Task Nothing_is_told_of_a_step_that_does_not_wait_or_need_not(string service)
    {
        var id = await BeginAsync(Server, service);

        await Server.EndOfAsync(id);
        var log = await Server.AskAsync($"/deployments/{id}/log");
        Assert.DoesNotContain("can't begin before", log.Text, StringComparison.Ordinal);
    }

    /// <summary>A step that deploys, as a client without the program's own would. It does so once: the inner one is of the same service.</summary>
    protected static string Waits(string service, string header) =>
        "[ -e asked.%name% ] && exit; touch asked.%name%; bash -c 'exec 3<>/dev/tcp/127.0.0.1/$0; printf \"%s\\r\\n\" \"POST /deploy/"
        + service
        + "?name=$1 HTTP/1.1\" \"Host: x\" \"X-Auth-Token: "
        + ServiceYaml.Token
        + $"\" \"{header}\" \"Content-Length: 0\" \"Connection: close\" \"\" >&3; cat <&3' %port% %name%";

    protected static async Task<string> BeginAsync(RunningServer server, string service)
    {
        ArgumentNullException.ThrowIfNull(server);
        var answer = await server.DeployAtOnceAsync($"{service}?port={server.Address.Port}&name={service}");
        return answer.Json.GetProperty("id").GetString()!;
    }

    protected static async Task IsToldAsync(RunningServer server, string id, string outer, string inner)
    {
        ArgumentNullException.ThrowIfNull(server);
        var told = $"of {inner} that it asked for can't begin before this one has ended";
        await Eventually.IsTrueAsync(
            async () =>
                (await server.AskAsync($"/deployments/{id}/log")).Text.Contains(told, StringComparison.Ordinal) ? 1 : 0,
            1,
            $"the output says: {told}"
        );
        var log = server.Workspace.At("server.log");
        if (File.Exists(log))
        {
            await Eventually.IsTrueAsync(
                () =>
                    File.ReadAllText(log)
                        .Contains($"A step of deployment {id} of {outer} waits", StringComparison.Ordinal),
                "the server's log says so"
            );
        }
    }

    protected static IReadOnlyDictionary<string, string> LogsTo(Workspace workspace)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        return new Dictionary<string, string> { ["THIN_DEPLOYER_LOG_FILE_PREFIX"] = workspace.At("server.log") };
    }
}
