using Microsoft.Playwright;
using ThinDeployer.Browser.Tests.Browsing;
using ThinDeployer.Contract.Tests.Hosting;
using ThinDeployer.Contract.Tests.Machines;
using ThinDeployer.Testing;
using static Microsoft.Playwright.Assertions;

namespace ThinDeployer.Browser.Tests.Pages;

/// <summary>What the page shows of several machines, with a real broker and real machines behind it.</summary>
public abstract class FleetContract<THost>(SharedServer<THost> shared, Chromium chromium)
    : PageContract<THost>(shared, chromium)
    where THost : IHostProgram, new()
{
    private const string Front = $$$"""
        shop: {token: {{{ServiceYaml.Token}}}, machines: all, rollout: {batch: [1, 100%]}}

        """;

    [Fact]
    public async Task A_rollout_and_its_machines_are_shown_to_everybody()
    {
        var fleet = Keep(
            await Fleet.StartAsync(
                Keep(await TestBroker.StartAsync()),
                Front,
                name => ServiceYaml.Bare("shop", "pwd: site", name == "web-2" ? "exit 3" : "echo shop is up"),
                ["web-1", "web-2", "a-machine-whose-name-is-almost-as-long-as-it-may-be-and-has-dashes"[..63]],
                new THost()
            )
        );
        var end = await fleet.DeployAsync("shop");
        var visitor = await SignInAsync(
            server: fleet.Front,
            options: new BrowserNewContextOptions { ViewportSize = Access.Phone }
        );

        var faults = new List<string>();
        foreach (var path in new[] { "/ui/machines", $"/ui/deployments/{end.GetProperty("id").GetString()}" })
        {
            var page = await visitor.GoAsync(path);
            await Expect(page.GetByText("web-2").First).ToBeVisibleAsync();
            faults.AddRange(await page.TooWideAsync(path));
            faults.AddRange(await page.BarriersAsync(path));
        }

        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }
}
