using Microsoft.Extensions.DependencyInjection;
using ThinDeployer.Configuration;
using ThinDeployer.FunctionsHost;
using ThinDeployer.Http;

namespace ThinDeployer.Functions.Tests;

/// <summary>What the functions declare, against the core's table and the rules of the host.</summary>
public sealed class HttpFunctionsTests
{
    private const string Root = "{root:maxlength(0)?}";
    private const string AnyPath = "{*path}";

    /// <summary>All that a client can send to a path; CONNECT asks a proxy for a tunnel.</summary>
    private static readonly string[] EveryMethod =
    [
        "DELETE",
        "GET",
        "HEAD",
        "OPTIONS",
        "PATCH",
        "POST",
        "PUT",
        "TRACE",
    ];

    private static readonly IReadOnlyList<HttpFunction> Functions = DeclaredFunctions.All;

    [Xunit.Fact]
    public async Task Each_route_of_the_core_has_a_function_and_each_function_a_route()
    {
        var routes = (await RoutesOfTheCoreAsync()).Select(route =>
            $"{(route.Template.Length == 0 ? Root : route.Template)}: {Sorted(route.Methods)}"
        );
        var functions = Functions
            .Where(function => function.Route != AnyPath)
            .Select(function => $"{function.Route}: {Sorted(function.Methods)}");

        Assert.Equal(routes.Order(StringComparer.Ordinal), functions.Order(StringComparer.Ordinal));
    }

    [Xunit.Fact]
    public void What_answers_any_other_request_is_tried_last_and_knows_every_method()
    {
        var last = Functions.MaxBy(function => function.Name, StringComparer.OrdinalIgnoreCase)!;

        Assert.Equal(AnyPath, last.Route);
        Assert.Equal(EveryMethod, last.Methods.Select(method => method.ToUpperInvariant()).Order());
    }

    [Xunit.Fact]
    public void No_function_asks_for_a_key_of_the_host()
    {
        Assert.All(Functions, function => Assert.Equal("Anonymous", function.Level));
    }

    [Xunit.Fact]
    public void No_two_names_differ_by_case_alone()
    {
        Assert.Distinct(Functions.Select(function => function.Name), StringComparer.OrdinalIgnoreCase);
    }

    [Xunit.Fact]
    public void No_route_is_one_that_the_host_reads_otherwise_or_keeps_for_itself()
    {
        Assert.All(
            Functions,
            function =>
            {
                Assert.NotNull(function.Route);
                Assert.NotEmpty(function.Route);
                Assert.False(function.Route.StartsWith('/'), function.Route);
                Assert.False(function.Route.StartsWith("admin", StringComparison.OrdinalIgnoreCase), function.Route);
                Assert.False(function.Route.StartsWith("runtime", StringComparison.OrdinalIgnoreCase), function.Route);
            }
        );
    }

    private static async Task<IReadOnlyList<Route>> RoutesOfTheCoreAsync()
    {
        var settings = ServerSettings.Read(_ => null, _ => null);
        await using var services = new ServiceCollection()
            .AddThinDeployer(settings, LoadedConfiguration.Load(settings), HostProfile.Functions)
            .BuildServiceProvider();
        return services.GetRequiredService<RouteTable>().Routes;
    }

    private static string Sorted(IEnumerable<string> methods) =>
        string.Join(", ", methods.Select(method => method.ToUpperInvariant()).Order(StringComparer.Ordinal));
}
