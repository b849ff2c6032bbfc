using ThinDeployer.Contract.Tests.Hosting;

namespace ThinDeployer.Browser.Tests.Browsing;

/// <summary>What [Fact] means here: a test that needs a browser, and is skipped without one.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class BrowserFactAttribute : LimitedFactAttribute
{
    public BrowserFactAttribute() => Skip = Chromium.WhyMissing;
}
