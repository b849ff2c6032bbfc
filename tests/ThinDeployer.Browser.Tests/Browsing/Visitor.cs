using System.Collections.Concurrent;
using Microsoft.Playwright;
using ThinDeployer.Contract.Tests.Paging;

namespace ThinDeployer.Browser.Tests.Browsing;

/// <summary>A person with a browser that nobody used before, who looks at one server.</summary>
public sealed class Visitor : IAsyncDisposable
{
    private readonly ConcurrentQueue<IRequest> _requests = new();
    private readonly ConcurrentQueue<IRequest> _ended = new();
    private readonly Faults _faults;

    private readonly Uri _server;

    private Visitor(Uri server, IBrowserContext context, IPage page, Faults faults) =>
        (_server, Context, Page, _faults) = (server, context, page, faults);

    public IBrowserContext Context { get; }

    public IPage Page { get; }

    /// <summary>All that the browser has asked so far.</summary>
    internal IReadOnlyCollection<IRequest> Requests => _requests;

    /// <summary>Those whose answer came whole, or was given up.</summary>
    internal IReadOnlyCollection<IRequest> Ended => _ended;

    /// <summary>Posts so far, each a path.</summary>
    internal IReadOnlyList<string> Posted =>
        [.. _requests.Where(request => request.Method == "POST").Select(request => new Uri(request.Url).PathAndQuery)];

    internal static async Task<Visitor> ComeAsync(IBrowser browser, Uri server, BrowserNewContextOptions options)
    {
        options.BaseURL = server.ToString();
        var context = await browser.NewContextAsync(options);
        var faults = await Faults.WatchAsync(context, server);
        var visitor = new Visitor(server, context, await context.NewPageAsync(), faults);
        context.Request += (_, request) => visitor._requests.Enqueue(request);
        context.RequestFailed += (_, request) => visitor._ended.Enqueue(request);
        context.RequestFinished += (_, request) => visitor._ended.Enqueue(request);
        return visitor;
    }

    /// <summary>Opens a page with all that it needs.</summary>
    internal async Task<IPage> GoAsync(string path)
    {
        await Page.GotoAsync(path);
        return Page;
    }

    /// <summary>Gives the browser a session that has begun already: the form is tried by the tests that are about it.</summary>
    internal Task TakeAsync(PageSession session) =>
        Context.AddCookiesAsync([
            new Cookie
            {
                Name = session.Cookie.Name,
                Value = session.Cookie.Value,
                Url = _server.ToString(),
                HttpOnly = true,
                SameSite = SameSiteAttribute.Strict,
            },
        ]);

    /// <summary>Fills in the form that is open.</summary>
    internal async Task SendTokenAsync(string token)
    {
        await Page.GetByLabel("Token").FillAsync(token);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
    }

    /// <summary>Chromium hides no tab for Playwright: the page is told what it would be told.</summary>
    internal static async Task HideAsync(IPage page, bool isHidden)
    {
        await page.EvaluateAsync(
            """
            hidden => {
                Object.defineProperty(document, "hidden", { configurable: true, get: () => hidden });
                document.dispatchEvent(new Event("visibilitychange"));
            }
            """,
            isHidden
        );
    }

    /// <inheritdoc cref="Faults.Expect"/>
    internal void ExpectFault(string text) => _faults.Expect(text);

    /// <inheritdoc cref="Faults.Found"/>
    internal IEnumerable<string> FaultsFound => _faults.Found;

    public ValueTask DisposeAsync() => Context.DisposeAsync();
}
