using Microsoft.AspNetCore.Http;

namespace ThinDeployer.Http;

/// <summary>What answers one path.</summary>
internal sealed class RouteEntry
{
    /// <summary>All of the path up to the value; the whole path where the template has none.</summary>
    private readonly string _before;

    /// <summary>Another path for the same; null for none.</summary>
    private readonly string? _other;

    /// <summary>What follows the value; null where there is none.</summary>
    private readonly string? _behind;

    /// <param name="template">
    /// In the notation of ASP.NET Core, without a slash in front, and with one value at most. One that ends in a slash stands
    /// for the same without it, too.
    /// </param>
    /// <param name="methods">In upper case.</param>
    /// <param name="answerAsync">Given the value of the template, or an empty text.</param>
    internal RouteEntry(string template, IReadOnlyList<string> methods, Func<HttpContext, string, Task> answerAsync)
    {
        _before = "/" + template.Split('{')[0];
        _behind = template.Split('}') is [_, var behind] ? behind : null;
        _other = template.EndsWith('/') ? _before[..^1] : null;
        Route = new Route(template, methods);
        AnswerAsync = answerAsync;
    }

    private RouteEntry(RouteEntry entry, string pathBase)
    {
        _before = pathBase + entry._before;
        _behind = entry._behind;
        _other =
            entry._other is { } other ? pathBase + other
            : entry is { _behind: null, _before: "/" } ? pathBase
            : null;
        Route = entry.Route;
        AnswerAsync = entry.AnswerAsync;
    }

    internal Route Route { get; }

    internal Func<HttpContext, string, Task> AnswerAsync { get; }

    /// <summary>The same below a path, which itself stands for its root.</summary>
    /// <param name="pathBase">Without a slash at its end; empty for none.</param>
    internal RouteEntry Below(string pathBase) => pathBase.Length == 0 ? this : new RouteEntry(this, pathBase);

    /// <summary>The value of the template, or an empty text; null for another path. Paths are exact.</summary>
    internal string? ValueIn(string path)
    {
        if (_behind is null)
        {
            return path == _before || path == _other ? "" : null;
        }

        var isOurs =
            path.Length > _before.Length + _behind.Length
            && path.StartsWith(_before, StringComparison.Ordinal)
            && path.EndsWith(_behind, StringComparison.Ordinal);
        var value = isOurs ? path[_before.Length..^_behind.Length] : "/";
        return value.Contains('/') ? null : value;
    }
}

/// <summary>Routes of one subject, as its room brings them to the <see cref="RouteTable"/>.</summary>
internal interface IRouteGroup
{
    IReadOnlyList<RouteEntry> Routes { get; }
}
