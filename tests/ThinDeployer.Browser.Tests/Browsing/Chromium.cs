using Microsoft.Playwright;

namespace ThinDeployer.Browser.Tests.Browsing;

/// <summary>Debian's browser, one for all tests of a host. It starts with the first of them.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private const string Program = "/usr/bin/chromium";

    /// <summary>Milliseconds. Only used up when a test fails; a busy machine needs more than Playwright's 5 s.</summary>
    private const float ExpectLimit = 40_000;

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <summary>Null where there is one.</summary>
    internal static string? WhyMissing { get; } =
        File.Exists(Program) ? null : $"There is no {Program}: apt-get install chromium fonts-dejavu-core";

    public Task InitializeAsync() => Task.CompletedTask;

    /// <summary>The tests of a host come one after the other.</summary>
    internal async Task<IBrowser> GetAsync()
    {
        if (_browser is null)
        {
            Assertions.SetDefaultExpectTimeout(ExpectLimit);
            _playwright = await Playwright.CreateAsync();
            _browser = await _playwright.Chromium.LaunchAsync(
                new BrowserTypeLaunchOptions
                {
                    ExecutablePath = Program,
                    // Its sandbox does not work for root.
                    ChromiumSandbox = Environment.UserName != "root",
                    // A container may have a small /dev/shm, and none has a graphics card.
                    Args = ["--disable-dev-shm-usage", "--disable-gpu"],
                }
            );
        }

        return _browser;
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
    }
}
