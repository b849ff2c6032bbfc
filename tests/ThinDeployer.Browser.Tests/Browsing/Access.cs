using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace ThinDeployer.Browser.Tests.Browsing;

/// <summary>What keeps somebody from using a page; each is told with the page's path.</summary>
internal static class Access
{
    internal static readonly ViewportSize Phone = new() { Width = 360, Height = 740 };

    /// <summary>What axe finds that is serious or critical.</summary>
    internal static async Task<IEnumerable<string>> BarriersAsync(this IPage page, string path)
    {
        var result = await page.RunAxe();
        return result
            .Violations.Where(violation => violation.Impact is "serious" or "critical")
            .Select(violation =>
                $"{path}: {violation.Id} {string.Join(" | ", violation.Nodes.Select(node => node.Html))}"
            );
    }

    /// <summary>Its width, where that is more than a phone's.</summary>
    internal static async Task<IEnumerable<string>> TooWideAsync(this IPage page, string path)
    {
        var width = await page.EvaluateAsync<int>("document.documentElement.scrollWidth");
        return width > Phone.Width ? [$"{path}: {width}"] : [];
    }
}
