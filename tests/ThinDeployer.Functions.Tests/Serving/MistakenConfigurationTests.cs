using ThinDeployer.Contract.Tests.Hosting;

namespace ThinDeployer.Functions.Tests.Serving;

/// <summary>The host would start a program that ends again and again, so the app starts and says what is wrong.</summary>
public sealed class MistakenConfigurationTests
{
    public static TheoryData<string?, string> Mistakes =>
        new()
        {
            { $"site:\n  token: {ServiceYaml.Token}\n  pwd: site\n  comands: ['true']\n", "deployer.yml:4:3: site: " },
            { "site: {", "deployer.yml:2:1: " },
            { "", "deployer.yml:1:1: " },
            { null, "deployer.yml:1:1: " },
        };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public async Task It_starts_and_deploys_nothing_and_the_health_check_shows_the_place(string? text, string place)
    {
        await using var server = await FunctionsServer.StartAsync(text);

        await AssertOnlyHealthTellsAsync(server, place);
    }

    [Fact]
    public async Task All_mistakes_are_shown_each_with_its_line_and_column()
    {
        await using var server = await FunctionsServer.StartAsync("one: {token: x}\ntwo: {pwd: site}\n");

        var health = await server.AskHealthAsync();

        Assert.Contains("deployer.yml:1:", health.Text, StringComparison.Ordinal);
        Assert.Contains("deployer.yml:2:", health.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("THIN_DEPLOYER_MAX_BODY")]
    [InlineData("THIN_DEPLOYER_AUTH_FAILURES_PER_MINUTE")]
    [InlineData("THIN_DEPLOYER_TRUSTED_PROXIES")]
    [InlineData("THIN_DEPLOYER_HIDE_SERVICES")]
    [InlineData("HC_MAX_DISK_USAGE")]
    [InlineData("HC_MIN_TOKEN_LENGTH")]
    public async Task A_setting_that_can_not_be_understood_counts_as_a_mistake_and_is_named(string setting)
    {
        var configuration = ServiceYaml.Of("site", "true");
        await using var server = await FunctionsServer.StartAsync(configuration, (setting, "abc"));

        await AssertOnlyHealthTellsAsync(server, setting);
    }

    [Fact]
    public async Task Once_the_mistake_is_mended_it_deploys()
    {
        await using var server = await FunctionsServer.StartAsync("site: {");

        server.Workspace.Write("deployer.yml", ServiceYaml.Of("site", "true"));

        await Eventually.IsTrueAsync(
            async () => (await server.DeployAsync("site")).Status,
            202,
            "the deployment succeeded"
        );
        Assert.Equal(204, (await server.GetAsync("/technical/ready")).Status);
    }

    private static async Task AssertOnlyHealthTellsAsync(RunningServer server, string told)
    {
        Assert.Equal(204, (await server.GetAsync("/technical/live")).Status);
        Assert.Equal(503, (await server.GetAsync("/technical/ready")).Status);
        var deploy = await server.DeployAsync("site");
        Assert.Equal(503, deploy.Status);
        Assert.DoesNotContain(told, deploy.Message, StringComparison.Ordinal);
        Assert.NotNull(deploy.Header("Retry-After"));
        var health = await server.AskHealthAsync();
        Assert.Equal(500, health.Status);
        Assert.Contains(told, health.Text, StringComparison.Ordinal);
        Assert.False(server.Program.HasExited);
    }
}
