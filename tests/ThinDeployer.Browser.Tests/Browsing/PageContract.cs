using Microsoft.Playwright;
using ThinDeployer.Contract.Tests.Hosting;
using ThinDeployer.Contract.Tests.Paging;

namespace ThinDeployer.Browser.Tests.Browsing;

/// <summary>
/// What every contract of the page needs beside its server: visitors, and that none of them saw a fault. A level more than
/// elsewhere, because the alternative is this text in every contract.
/// </summary>
public abstract class PageContract<THost>(SharedServer<THost> shared, Chromium chromium) : HostContract<THost>(shared)
    where THost : IHostProgram, new()
{
    protected const string AdminToken = PageSession.AdminToken;
    protected const string ViewerToken = PageSession.ViewerToken;

    private readonly List<Visitor> _visitors = [];
    private readonly Stack<IAsyncDisposable> _kept = [];

    protected override IReadOnlyDictionary<string, string> Settings(Workspace workspace) => PageSession.Settings;

    /// <summary>Somebody who has not signed in.</summary>
    /// <param name="server">Null for the one of the class.</param>
    /// <param name="options">Of the browser.</param>
    protected async Task<Visitor> VisitAsync(Uri? server = null, BrowserNewContextOptions? options = null)
    {
        var visitor = await Visitor.ComeAsync(
            await chromium.GetAsync(),
            server ?? Server.Address,
            options ?? new BrowserNewContextOptions()
        );
        _visitors.Add(visitor);
        return visitor;
    }

    /// <summary>Somebody who has signed in.</summary>
    /// <param name="token">Of whom.</param>
    /// <param name="server">Null for the one of the class.</param>
    /// <param name="address">Where the browser finds it; null for its own.</param>
    /// <param name="options">Of the browser.</param>
    protected async Task<Visitor> SignInAsync(
        string token = AdminToken,
        RunningServer? server = null,
        Uri? address = null,
        BrowserNewContextOptions? options = null
    )
    {
        var session = await PageSession.BeginAsync(server ?? Server, token);
        var visitor = await VisitAsync(address ?? session.Server.Address, options);
        await visitor.TakeAsync(session);
        return visitor;
    }

    /// <summary>Ends something after the visitors have left: a server that ends before is a fault of the page to them.</summary>
    protected T Keep<T>(T thing)
        where T : IAsyncDisposable
    {
        _kept.Push(thing);
        return thing;
    }

    public override async Task DisposeAsync()
    {
        foreach (var visitor in _visitors)
        {
            await visitor.DisposeAsync();
        }

        foreach (var thing in _kept)
        {
            await thing.DisposeAsync();
        }

        await base.DisposeAsync();
        var faults = _visitors.SelectMany(visitor => visitor.FaultsFound).ToList();
        // Of a list, xunit shows the beginning only.
        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }
}
