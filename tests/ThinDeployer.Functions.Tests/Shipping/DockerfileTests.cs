namespace ThinDeployer.Functions.Tests.Shipping;

/// <summary>What the image of the app is made of and how it starts.</summary>
public sealed class DockerfileTests
{
    private static readonly DockerStage Build = Dockerfile.Stage("build");
    private static readonly DockerStage App = Dockerfile.Stages[^1];

    [Fact]
    public void It_is_built_by_the_sdk_and_runs_on_the_official_host()
    {
        Assert.Equal("mcr.microsoft.com/dotnet/sdk:10.0", Build.Image);
        Assert.Equal("mcr.microsoft.com/azure-functions/dotnet-isolated:4-dotnet-isolated10.0", App.Image);
    }

    [Fact]
    public void It_is_what_a_build_without_a_target_gives()
    {
        Assert.Null(App.Name);
        Assert.Equal(["build-server", "server", "build", null], Dockerfile.Stages.Select(stage => stage.Name));
    }

    [Fact]
    public void Neither_image_needs_what_the_other_is_built_from()
    {
        var names = Dockerfile.Stages.Select(stage => stage.Name);

        Assert.Equal(["build"], App.Needs);
        Assert.Equal(["build-server"], Dockerfile.Stage("server").Needs);
        Assert.All(Dockerfile.Stages, stage => Assert.DoesNotContain(stage.Image, names));
        Assert.Empty(Build.Needs);
        Assert.Empty(Dockerfile.Stage("build-server").Needs);
    }

    [Fact]
    public void What_is_published_is_where_the_host_looks()
    {
        const string root = "/home/site/wwwroot";

        Assert.Contains($"dotnet publish src/ThinDeployer.Functions --output {root}", Build.Of("RUN"));
        Assert.Contains($"--from=build {root} {root}", App.Of("COPY"));
        Assert.Equal(root, App.Environment["AzureWebJobsScriptRoot"]);
    }

    [Theory]
    [InlineData("ASPNETCORE_URLS", "http://+:8012")]
    [InlineData("THIN_DEPLOYER_CONFIGURATION", "/root/.deployer.yml")]
    [InlineData("THIN_DEPLOYER_DATA", "/data")]
    [InlineData("AzureFunctionsJobHost__Logging__Console__IsEnabled", "true")]
    public void The_command_line_of_the_original_starts_it(string name, string value)
    {
        Assert.Equal(value, App.Environment[name]);
    }

    [Fact]
    public void Every_setting_of_ours_is_one_that_is_read()
    {
        var ours = App.Environment.Keys.Where(name => name.StartsWith("THIN_DEPLOYER_", StringComparison.Ordinal));

        Assert.Subset(SettingNames.All.ToHashSet(), ours.ToHashSet());
    }

    [Fact]
    public void The_port_of_the_original_is_open_and_data_outlives_the_container()
    {
        Assert.Equal(["8012"], App.Of("EXPOSE"));
        Assert.Equal(["/data"], App.Of("VOLUME"));
    }

    [Fact]
    public void Its_health_is_that_it_lives()
    {
        Assert.EndsWith(
            "http://127.0.0.1:8012/technical/live",
            Assert.Single(App.Of("HEALTHCHECK")),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("AzureWebJobsStorage")]
    [InlineData("AzureWebJobsSecretStorageType")]
    public void The_host_has_no_keys_that_could_open_its_administration(string name)
    {
        Assert.DoesNotContain(name, App.Environment.Keys);
    }

    [Theory]
    [InlineData("ENTRYPOINT")]
    [InlineData("CMD")]
    [InlineData("USER")]
    public void The_host_is_started_as_its_image_starts_it(string instruction)
    {
        Assert.Empty(App.Of(instruction));
    }
}
