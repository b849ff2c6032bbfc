using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Constraints;

namespace ThinDeployer.Functions.Tests.StandIn;

/// <summary>The routes of functions, as the Functions host makes them and by the same router.</summary>
internal static class FunctionRoutes
{
    /// <summary>What the host keeps for itself; <c>administrators</c> begins with one of them.</summary>
    private static readonly string[] Reserved = ["admin", "runtime"];

    /// <summary>Tried in the order of names, ignoring case; the first that knows path and method answers.</summary>
    /// <param name="functions">In any order.</param>
    /// <param name="prefix">Before every route; may be empty.</param>
    /// <param name="constraints">What a template may say behind a colon.</param>
    internal static IRouter Of(
        IEnumerable<HttpFunction> functions,
        string prefix,
        IInlineConstraintResolver constraints
    )
    {
        var routes = new RouteCollection();
        foreach (var function in functions.OrderBy(function => function.Name, StringComparer.OrdinalIgnoreCase))
        {
            routes.Add(
                new Route(
                    new RouteHandler(function.InvokeAsync),
                    function.Name,
                    $"{prefix}/{TemplateOf(function)}".TrimStart('/'),
                    defaults: [],
                    MethodsOf(function),
                    dataTokens: [],
                    constraints
                )
            );
        }

        return routes;
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
}
