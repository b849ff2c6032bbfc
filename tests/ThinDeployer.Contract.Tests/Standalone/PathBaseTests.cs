using ThinDeployer.Contract.Tests.Client;
using ThinDeployer.Contract.Tests.Hosting;

namespace ThinDeployer.Contract.Tests.Standalone;

/// <summary>A server below a path, behind a proxy that hands the whole path on.</summary>
public sealed class PathBaseTests(SharedServer<StandaloneServer> shared) : HostContract<StandaloneServer>(shared)
{
    protected override string Configuration => ServiceYaml.Of("site", "true");

    protected override IReadOnlyDictionary<string, string> Settings(Workspace workspace) =>
        new Dictionary<string, string> { ["THIN_DEPLOYER_PATH_BASE"] = "/tools/deployer" };

    [Theory]
    [InlineData("/tools/deployer")]
    [InlineData("/tools/deployer/")]
    public async Task Its_root_is_with_a_slash_and_without(string path)
    {
        var answer = await Server.GetAsync(path);

        Assert.Equal((200, "pong"), (answer.Status, answer.Message));
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/deploy/site")]
    [InlineData("/tools")]
    [InlineData("/tools/deployerx")]
    [InlineData("/tools/deployer//")]
    [InlineData("/Tools/deployer/")]
    [InlineData("/tools/deployer/deploy/site/")]
    [InlineData("/tools/deployer/tools/deployer/deploy/site")]
    public async Task Outside_there_is_nothing(string path)
    {
        var answer = await Server.AskAsync(path);

        Assert.Equal((404, "There is nothing at this path"), (answer.Status, answer.Message));
    }

    [Fact]
    public async Task Where_a_deployment_is_found_is_said_with_the_whole_path()
    {
        var answer = await Server.AskAsync("/tools/deployer/deploy/site");

        var location = answer.Header("Location");
        Assert.Equal(202, answer.Status);
        Assert.StartsWith("/tools/deployer/deployments/", location, StringComparison.Ordinal);
        Assert.Equal("succeeded", (await Server.AskAsync(location!)).Json.GetProperty("status").GetString());
    }

    [Fact]
    public async Task The_client_finds_it()
    {
        var run = await ProgramRun.ToEndAsync(
            ClientProgram.Start(Server.Workspace, new Uri(Server.Address, "/tools/deployer"), "deploy", "site")
        );

        Assert.True(run.ExitCode == 0, run.Errors.Text);
    }
}
