namespace ThinDeployer.Functions.Tests.Shipping;

/// <summary>What the image of the app is made of and how it starts.</summary>
public sealed class DockerfileTests
{
    /// <summary>Each on one line, without comments.</summary>
    private static readonly string[] Instructions = RepositoryFile
        .Text("Dockerfile")
        .Replace("\\\n", " ", StringComparison.Ordinal)
        .Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Where(line => !line.StartsWith('#'))
        .Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries)))
        .ToArray();

    private static readonly Dictionary<string, string> Environment = Of("ENV")
        .SelectMany(line => line.Split(' '))
        .Select(pair => pair.Split('=', 2))
        .ToDictionary(pair => pair[0], pair => pair[1]);

    [Fact]
    public void It_is_built_by_the_sdk_and_runs_on_the_official_host()
    {
        Assert.Equal(
            [
                "mcr.microsoft.com/dotnet/sdk:10.0 AS build",
                "mcr.microsoft.com/azure-functions/dotnet-isolated:4-dotnet-isolated10.0",
            ],
            Of("FROM")
        );
    }

    [Fact]
    public void What_is_published_is_where_the_host_looks()
    {
        const string root = "/home/site/wwwroot";

        Assert.Contains($"dotnet publish src/ThinDeployer.Functions --output {root}", Of("RUN"));
        Assert.Contains($"--from=build {root} {root}", Of("COPY"));
        Assert.Equal(root, Environment["AzureWebJobsScriptRoot"]);
    }

    [Theory]
    [InlineData("ASPNETCORE_URLS", "http://+:8012")]
    [InlineData("THIN_DEPLOYER_CONFIGURATION", "/root/.deployer.yml")]
    [InlineData("THIN_DEPLOYER_DATA", "/data")]
    [InlineData("AzureFunctionsJobHost__Logging__Console__IsEnabled", "true")]
    public void The_command_line_of_the_original_starts_it(string name, string value)
    {
        Assert.Equal(value, Environment[name]);
    }

    [Fact]
    public void Every_setting_of_ours_is_one_that_is_read()
    {
        var ours = Environment.Keys.Where(name => name.StartsWith("THIN_DEPLOYER_", StringComparison.Ordinal));

        Assert.Subset(SettingNames.All.ToHashSet(), ours.ToHashSet());
    }

    [Fact]
    public void The_port_of_the_original_is_open_and_data_outlives_the_container()
    {
        Assert.Equal(["8012"], Of("EXPOSE"));
        Assert.Equal(["/data"], Of("VOLUME"));
    }

    [Fact]
    public void Its_health_is_that_it_lives()
    {
        Assert.EndsWith(
            "http://127.0.0.1:8012/technical/live",
            Assert.Single(Of("HEALTHCHECK")),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("AzureWebJobsStorage")]
    [InlineData("AzureWebJobsSecretStorageType")]
    public void The_host_has_no_keys_that_could_open_its_administration(string name)
    {
        Assert.DoesNotContain(name, Environment.Keys);
    }

    [Theory]
    [InlineData("ENTRYPOINT")]
    [InlineData("CMD")]
    [InlineData("USER")]
    public void The_host_is_started_as_its_image_starts_it(string instruction)
    {
        Assert.Empty(Of(instruction));
    }

    private static string[] Of(string instruction) =>
        [
            .. Instructions
                .Where(line => line.StartsWith(instruction + " ", StringComparison.Ordinal))
                .Select(line => line[(instruction.Length + 1)..]),
        ];
}
