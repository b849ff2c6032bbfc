using ThinDeployer.Contract.Tests.Hosting;
using ThinDeployer.Contract.Tests.Http;

namespace ThinDeployer.Contract.Tests.Running;

/// <summary>That the trace of who asks goes on in the steps.</summary>
public abstract class TraceContract<THost>(SharedServer<THost> shared) : HostContract<THost>(shared)
    where THost : IHostProgram, new()
{
    private const string Ids = "4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7";

    protected override string Configuration =>
        ServiceYaml.Of("site", "echo \"<${TRACEPARENT-none}>\"")
        + ServiceYaml.Of(
            "busy",
            "touch busy.began; until [ -e busy.go ]; do sleep 0.02; done; echo $TRACEPARENT >> seen"
        );

    [Theory]
    [InlineData($"00-{Ids}-01", $"00-{Ids}-01")]
    [InlineData($"00-{Ids}-00", $"00-{Ids}-00")]
    [InlineData($"cc-{Ids}-01", $"00-{Ids}-01")]
    [InlineData($"cc-{Ids}-01-what-comes-later", $"00-{Ids}-01")]
    public async Task A_right_one_reaches_each_step(string sent, string seen)
    {
        var answer = await DeployAsync($"traceparent: {sent}");

        Assert.Equal([$"<{seen}>"], answer.Printed);
    }

    [Theory]
    [InlineData("X-Other: header")]
    [InlineData("traceparent:")]
    [InlineData($"traceparent: 00-{Ids}-01-more")]
    [InlineData($"traceparent: 00-{Ids}-0")]
    [InlineData($"traceparent: 00-{Ids}-0g")]
    [InlineData($"traceparent: ff-{Ids}-01")]
    [InlineData($"traceparent: cc-{Ids}-01.more")]
    [InlineData("traceparent: 00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01")]
    [InlineData("traceparent: 00-00000000000000000000000000000000-00f067aa0ba902b7-01")]
    [InlineData("traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01")]
    [InlineData("traceparent: $(touch hacked)")]
    [InlineData($"traceparent: 00-{Ids}-01\ntraceparent: 00-{Ids}-01")]
    public async Task Any_other_changes_nothing(string headers)
    {
        var answer = await DeployAsync(headers);

        Assert.Equal(202, answer.Status);
        Assert.Equal(["<none>"], answer.Printed);
    }

    [Fact]
    public async Task It_outlives_the_program_while_it_waits()
    {
        var server = await StartOwnAsync(Configuration);
        await DeployLaterAsync(server, "busy");
        await server.Workspace.SiteHasAsync("busy.began");
        var waiting = await DeployLaterAsync(server, "busy");

        await using var next = await server.CrashAndRestartAsync(new ProgramStart(new THost(), server.Workspace));
        next.Workspace.TouchSite("busy.go");
        await Eventually.IsTrueAsync(
            async () => (await next.GetAsync("/technical/ready")).Status,
            204,
            "the server is ready"
        );
        await next.EndOfAsync(waiting);

        Assert.EndsWith($"00-{Ids}-01\n", next.Workspace.ReadSite("seen"), StringComparison.Ordinal);
    }

    private static async Task<string> DeployLaterAsync(RunningServer server, string service) =>
        (
            await server.SendAsync(
                HttpMethod.Post,
                $"/deploy/{service}",
                content: null,
                ("X-Auth-Token", ServiceYaml.Token),
                ("traceparent", $"00-{Ids}-01"),
                ("Prefer", "respond-async")
            )
        )
            .Json.GetProperty("id")
            .GetString()!;

    private Task<Answer> DeployAsync(string headers) =>
        Server.SendRawAsync(RawRequest.Get("/deploy/site", $"X-Auth-Token: {ServiceYaml.Token}", headers));
}
