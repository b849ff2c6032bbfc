using ThinDeployer.Contract.Tests.Hosting;
using ThinDeployer.Functions.Tests.Contracts;

namespace ThinDeployer.Functions.Tests.Serving;

/// <summary>App settings reach the app as environment variables.</summary>
public sealed class EnvironmentTests
{
    [Fact]
    public async Task Without_a_setting_the_configuration_is_that_of_the_home_folder()
    {
        var workspace = new Workspace();
        workspace.Write("home/.deployer.yml", ServiceYaml.Of("site", "true"));
        await using var server = await RunningServer.StartAsync(
            new ProgramStart(new FunctionsApp(), workspace)
            {
                Settings = new Dictionary<string, string> { ["THIN_DEPLOYER_CONFIGURATION"] = "" },
            }
        );

        Assert.Equal(204, (await server.GetAsync("/technical/ready")).Status);
        Assert.Equal(403, (await server.GetAsync("/deploy/site")).Status);
    }
}
