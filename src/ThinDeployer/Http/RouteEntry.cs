using Microsoft.AspNetCore.Http;

namespace ThinDeployer.Http;

/// <summary>What answers one path.</summary>
internal sealed class RouteEntry
{
    /// <summary>All of the path up to the value; the whole path where the template has none.</summary>
    private readonly string _before;

    /// <summary>What follows the value; null where there is none.</summary>
    private readonly string? _behind;

    /// <param name="template">In the notation of ASP.NET Core, without a slash in front, and with one value at most.</param>
    /// <param name="methods">In upper case.</param>
    /// <param name="answerAsync">Given the value of the template, or an empty text.</param>
    internal RouteEntry(string template, IReadOnlyList<string> methods, Func<HttpContext, string, Task> answerAsync)
    {
        _before = "/" + template.Split('{')[0];
        _behind = template.Split('}') is [_, var behind] ? behind : null;
        Route = new Route(template, methods);
        AnswerAsync = answerAsync;
    }

    internal Route Route { get; }

    internal Func<HttpContext, string, Task> AnswerAsync { get; }

    /// <summary>The value of the template, or an empty text; null for another path. Paths are exact.</summary>
    internal string? ValueIn(string path)
    {
        if (_behind is null)
        {
            return path == _before ? "" : null;
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
