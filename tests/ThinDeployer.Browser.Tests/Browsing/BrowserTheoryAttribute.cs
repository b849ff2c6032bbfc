using ThinDeployer.Contract.Tests.Hosting;

namespace ThinDeployer.Browser.Tests.Browsing;

/// <summary>As <see cref="BrowserFactAttribute"/>, for each row.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class BrowserTheoryAttribute : LimitedTheoryAttribute
{
    public BrowserTheoryAttribute() => Skip = Chromium.WhyMissing;
}
