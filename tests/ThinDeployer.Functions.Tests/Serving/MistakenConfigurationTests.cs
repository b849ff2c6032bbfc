using ThinDeployer.Contract.Tests.Hosting;

namespace ThinDeployer.Functions.Tests.Serving;

/// <summary>The host would start a program that ends again and again, so the app starts and says what is wrong.</summary>
public sealed class MistakenConfigurationTests
{
    public static TheoryData<string?, string> Mistakes =>
        new()
        {
            { $"site:\n  token: {ServiceYaml.Token}\n  pwd: site\n  comands: ['true']\n", "deployer.yml:4:3: site: " },
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

    [Fact]
    public async Task Settings_that_can_not_be_understood_count_as_mistakes_and_are_named()
    {
        string[] settings =
        [
            "THIN_DEPLOYER_MAX_BODY",
            "THIN_DEPLOYER_AUTH_FAILURES_PER_MINUTE",
            "THIN_DEPLOYER_TRUSTED_PROXIES",
            "THIN_DEPLOYER_HIDE_SERVICES",
            "HC_MAX_DISK_USAGE",
            "HC_MIN_TOKEN_LENGTH",
        ];
        await using var server = await FunctionsServer.StartAsync(
            ServiceYaml.Of("site", "true"),
            [.. settings.Select(setting => (setting, "abc"))]
        );

        foreach (var setting in settings)
        {
            await AssertOnlyHealthTellsAsync(server, setting);
        }
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
