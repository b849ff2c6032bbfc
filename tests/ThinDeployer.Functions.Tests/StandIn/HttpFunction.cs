using System.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;

namespace ThinDeployer.Functions.Tests.StandIn;

/// <summary>A function as its attributes say it.</summary>
/// <param name="Route">As written.</param>
/// <param name="Methods">As written; none means all.</param>
internal sealed record HttpFunction(
    string Name,
    string? Route,
    IReadOnlyList<string> Methods,
    AuthorizationLevel Level,
    RequestDelegate InvokeAsync
)
{
    /// <summary>All functions of the app.</summary>
    internal static IReadOnlyList<HttpFunction> OfApp { get; } =
    [
        .. typeof(HttpFunctions)
            .Assembly.GetTypes()
            .SelectMany(type => type.GetMethods())
            .Where(method => method.IsDefined(typeof(FunctionAttribute)))
            .Select(Of),
    ];

    private static HttpFunction Of(MethodInfo method)
    {
        var trigger = method.GetParameters().Single().GetCustomAttribute<HttpTriggerAttribute>()!;
        return new HttpFunction(
            method.GetCustomAttribute<FunctionAttribute>()!.Name,
            trigger.Route,
            trigger.Methods,
            trigger.AuthLevel,
            context => (Task)method.Invoke(InstanceFor(context), [context.Request])!
        );

        // A new one for each call, as the worker makes them.
        object InstanceFor(HttpContext context) =>
            ActivatorUtilities.CreateInstance(context.RequestServices, method.DeclaringType!);
    }
}
