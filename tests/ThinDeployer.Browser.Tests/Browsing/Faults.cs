using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace ThinDeployer.Browser.Tests.Browsing;

/// <summary>
/// What a page must never do, whatever the test is about: report an error, break the policy, open a dialog of the browser, or
/// ask anybody but its server.
/// </summary>
internal sealed class Faults
{
    /// <summary>A breach is told by the console, too, but not one that a report alone would follow.</summary>
    private const string TellOfPolicy =
        "addEventListener('securitypolicyviolation', e => console.error('policy: ' + e.violatedDirective + ' ' + e.blockedURI));";

    private readonly ConcurrentQueue<string> _found = new();
    private readonly ConcurrentBag<string> _expected = [];
    private readonly string _origin;

    private Faults(Uri server) => _origin = server.GetLeftPart(UriPartial.Authority) + "/";

    internal static async Task<Faults> WatchAsync(IBrowserContext context, Uri server)
    {
        var faults = new Faults(server);
        await context.AddInitScriptAsync(TellOfPolicy);
        context.Console += (_, message) => faults.Hear(message);
        context.WebError += (_, error) => faults._found.Enqueue($"error of a page: {error.Error}");
        context.Request += (_, request) => faults.See(request);
        context.Dialog += async (_, dialog) =>
        {
            faults._found.Enqueue($"dialog: {dialog.Message}");
            await dialog.DismissAsync();
        };
        return faults;
    }

    /// <summary>What the browser itself says of an answer that the test brings about.</summary>
    /// <param name="text">Part of it.</param>
    internal void Expect(string text) => _expected.Add(text);

    /// <summary>Those that no test expects.</summary>
    internal IEnumerable<string> Found =>
        _found.Where(fault => !_expected.Any(text => fault.Contains(text, StringComparison.Ordinal)));

    private void Hear(IConsoleMessage message)
    {
        if (message.Type is "error" or "warning")
        {
            _found.Enqueue($"{message.Type} of {message.Page?.Url}: {message.Text}");
        }
    }

    private void See(IRequest request)
    {
        if (!request.Url.StartsWith(_origin, StringComparison.Ordinal))
        {
            _found.Enqueue($"request to elsewhere: {request.Url}");
        }
    }
}
