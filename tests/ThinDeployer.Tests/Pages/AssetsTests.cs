using ThinDeployer.Pages;

namespace ThinDeployer.Tests.Pages;

/// <summary>A page is small: somebody looks at it by a phone because something has failed.</summary>
public sealed class AssetsTests
{
    private const int KiB = 1024;

    [Fact]
    public void All_scripts_together_are_below_20_kB() =>
        Assert.InRange(
            Assets.Sizes.Where(asset => asset.Key.EndsWith(".js", StringComparison.Ordinal)).Sum(asset => asset.Value),
            1,
            20_000
        );

    [Fact]
    public void All_assets_together_are_below_40_KiB() => Assert.InRange(Assets.Sizes.Values.Sum(), 1, 40 * KiB);
}
