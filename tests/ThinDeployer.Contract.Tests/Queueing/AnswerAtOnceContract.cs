using ThinDeployer.Contract.Tests.Hosting;

namespace ThinDeployer.Contract.Tests.Queueing;

/// <summary>What a caller gets who does not wait to the end.</summary>
public abstract class AnswerAtOnceContract<THost>(SharedServer<THost> shared) : HostContract<THost>(shared)
    where THost : IHostProgram, new()
{
    protected override string Configuration =>
        ServiceYaml.Of("slow", "until [ -e slow.go ]; do sleep 0.02; done; echo slow")
        + ServiceYaml.Of("quick", "echo quick")
        + ServiceYaml.With("forgetful", "respond: accepted", "echo forgetful");

    [Fact]
    public async Task Asked_for_it_the_answer_comes_as_soon_as_the_deployment_is_recorded()
    {
        var first = await Server.DeployAtOnceAsync("slow");
        var second = await Server.DeployAtOnceAsync("slow");
        var third = await Server.DeployAtOnceAsync("slow");
        Server.Workspace.TouchSite("slow.go");

        Assert.Equal((202, 202, 202), (first.Status, second.Status, third.Status));
        Assert.Equal("running", first.Json.GetProperty("status").GetString());
        Assert.Equal("queued", third.Json.GetProperty("status").GetString());
        Assert.Equal(0, second.Json.GetProperty("queuedAhead").GetInt32());
        Assert.Equal(1, third.Json.GetProperty("queuedAhead").GetInt32());
        Assert.Equal("respond-async", third.Header("Preference-Applied"));
        var id = third.Json.GetProperty("id").GetString();
        Assert.Equal($"/deployments/{id}", third.Header("Location"));
        Assert.Equal("succeeded", (await Server.EndOfAsync(id!)).GetProperty("status").GetString());
    }

    [Fact]
    public async Task A_service_may_never_let_its_callers_wait()
    {
        var answer = await Server.DeployAsync("forgetful");

        Assert.Equal(202, answer.Status);
        Assert.False(answer.Json.TryGetProperty("output", out _));
        Assert.Null(answer.Header("Preference-Applied"));
        await Server.EndOfAsync(answer.Json.GetProperty("id").GetString()!);
    }

    [Fact]
    public async Task A_wait_may_be_bounded()
    {
        await using var server = await StartOwnAsync(
            ServiceYaml.Of("slow", "until [ -e slow.go ]; do sleep 0.02; done")
        );

        var answer = await server.SendAsync(
            HttpMethod.Post,
            "/deploy/slow",
            content: null,
            ("X-Auth-Token", ServiceYaml.Token),
            ("Prefer", "wait=1")
        );

        server.Workspace.TouchSite("slow.go");
        Assert.Equal((202, "running"), (answer.Status, answer.Json.GetProperty("status").GetString()));
        Assert.Equal("wait=1", answer.Header("Preference-Applied"));
    }

    [Fact]
    public async Task A_preference_that_is_not_known_is_ignored()
    {
        var answer = await Server.SendAsync(
            HttpMethod.Post,
            "/deploy/quick",
            content: null,
            ("X-Auth-Token", ServiceYaml.Token),
            ("Prefer", "handling=lenient, wait=soon")
        );

        Assert.Equal(["quick"], answer.Printed);
        Assert.Null(answer.Header("Preference-Applied"));
        Assert.Equal($"/deployments/{answer.Json.GetProperty("id").GetString()}", answer.Header("Location"));
    }
}
