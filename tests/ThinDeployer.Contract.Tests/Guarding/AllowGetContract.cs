using ThinDeployer.Contract.Tests.Deploying;
using ThinDeployer.Contract.Tests.Hosting;

namespace ThinDeployer.Contract.Tests.Guarding;

/// <summary><c>allow_get: false</c>: a link that is followed deploys nothing.</summary>
public abstract class AllowGetContract<THost>(SharedServer<THost> shared) : HostContract<THost>(shared)
    where THost : IHostProgram, new()
{
    protected override string Configuration =>
        ServiceYaml.With("site", "allow_get: false", "echo ran >> site.log")
        + ServiceYaml.With("both", "allow_get: true", "true");

    [Fact]
    public async Task A_right_token_in_a_get_runs_nothing_and_is_told_how()
    {
        var before = Server.Workspace.ReadSite("site.log");

        var answer = await Server.GetAsync($"/deploy/site?token={ServiceYaml.Token}");

        Assert.Equal(405, answer.Status);
        Assert.Equal("POST", answer.Header("Allow"));
        Assert.Equal("site", answer.Json.GetProperty("serviceName").GetString());
        Assert.Equal(before, Server.Workspace.ReadSite("site.log"));
    }

    [Fact]
    public async Task Who_is_not_let_in_does_not_learn_of_it() =>
        Refusal.AssertOf(await Server.GetAsync("/deploy/site?token=wrong"), "site");

    [Fact]
    public async Task A_post_deploys()
    {
        Assert.Equal(202, (await Server.DeployAsync("site")).Status);
        Assert.Equal(202, (await Server.GetAsync($"/deploy/both?token={ServiceYaml.Token}")).Status);
    }
}
