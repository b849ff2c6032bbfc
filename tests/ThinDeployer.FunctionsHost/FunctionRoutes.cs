using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Constraints;

namespace ThinDeployer.FunctionsHost;

/// <summary>The routes of functions, as the Functions host makes them and by the same router.</summary>
internal sealed class FunctionRoutes
{
    /// <summary>What the host keeps for itself; <c>administrators</c> begins with one of them.</summary>
    private static readonly string[] Reserved = ["admin", "runtime"];

    private readonly RouteCollection _routes = new();

    /// <summary>Tried in the order of names, ignoring case; the first that knows path and method answers.</summary>
    /// <param name="functions">In any order.</param>
    /// <param name="prefix">Before every route; may be empty.</param>
    /// <param name="constraints">What a template may say behind a colon.</param>
    /// <exception cref="InvalidOperationException">A route that the host can't serve.</exception>
    internal FunctionRoutes(IEnumerable<HttpFunction> functions, string prefix, IInlineConstraintResolver constraints)
    {
        foreach (var function in functions.OrderBy(function => function.Name, StringComparer.OrdinalIgnoreCase))
        {
            _routes.Add(
                new Route(
                    new Found(function),
                    function.Name,
                    $"{prefix}/{TemplateOf(function)}".TrimStart('/'),
                    defaults: [],
                    MethodsOf(function),
                    dataTokens: [],
                    constraints
                )
            );
        }
    }

    /// <summary>Whether the host answers this path itself.</summary>
    internal static bool IsReserved(PathString path) =>
        Reserved.Any(word => path.StartsWithSegments($"/{word}", StringComparison.OrdinalIgnoreCase));

    /// <returns>Null where no function knows path and method.</returns>
    internal async Task<HttpFunction?> FindAsync(HttpContext context)
    {
        var route = new RouteContext(context);
        await _routes.RouteAsync(route);
        return route.RouteData.Routers.OfType<Found>().SingleOrDefault()?.Function;
    }

    private static string TemplateOf(HttpFunction function)
    {
        var template = string.IsNullOrEmpty(function.Route) ? function.Name : function.Route;
        if (template == "/")
        {
            throw new InvalidOperationException($"{function.Name}: the route / breaks every function of the worker");
        }

        return Reserved.Any(word => template.StartsWith(word, StringComparison.OrdinalIgnoreCase))
            ? throw new InvalidOperationException($"{function.Name}: the route {template} is reserved for the host")
            : template;
    }

    private static Dictionary<string, object> MethodsOf(HttpFunction function) =>
        function.Methods.Count == 0
            ? []
            : new() { ["httpMethod"] = new HttpMethodRouteConstraint([.. function.Methods]) };

    /// <summary>The end of a route: says which function it is.</summary>
    private sealed class Found(HttpFunction function) : IRouter
    {
        internal HttpFunction Function => function;

        public VirtualPathData? GetVirtualPath(VirtualPathContext context) => null;

        public Task RouteAsync(RouteContext context)
        {
            context.Handler = _ => Task.CompletedTask;
            return Task.CompletedTask;
        }
    }
}
