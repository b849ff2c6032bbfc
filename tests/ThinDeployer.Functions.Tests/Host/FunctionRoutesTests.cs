using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using ThinDeployer.FunctionsHost;

namespace ThinDeployer.Functions.Tests.Host;

/// <summary>That the stand-in has the traps of the real host.</summary>
public sealed class FunctionRoutesTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection()
        .AddRouting()
        .AddLogging()
        .BuildServiceProvider();

    [Fact]
    public async Task Functions_are_tried_in_the_order_of_names_ignoring_case()
    {
        HttpFunction[] functions = [Function("b", "same"), Function("C", "same"), Function("A", "same")];

        Assert.Equal("A", await WhoAnswersAsync("GET", "/same", functions));
        Assert.Equal("b", await WhoAnswersAsync("GET", "/same", functions[..2]));
    }

    [Theory]
    [InlineData("GET", "A")]
    [InlineData("get", "A")]
    [InlineData("POST", "B")]
    [InlineData("PUT", null)]
    public async Task A_function_that_does_not_know_the_method_is_passed_by(string method, string? answers)
    {
        HttpFunction[] functions = [Function("A", "same", "get"), Function("B", "same", "post")];

        Assert.Equal(answers, await WhoAnswersAsync(method, "/same", functions));
    }

    [Theory]
    [InlineData("/", "Root")]
    [InlineData("/more", null)]
    public async Task An_optional_value_of_no_length_is_the_root_alone(string path, string? answers)
    {
        Assert.Equal(answers, await WhoAnswersAsync("GET", path, Function("Root", "{root:maxlength(0)?}")));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public async Task A_function_without_a_route_is_found_by_its_name(string? route)
    {
        Assert.Equal("Hello", await WhoAnswersAsync("GET", "/hello", Function("Hello", route)));
        Assert.Null(await WhoAnswersAsync("GET", "/", Function("Hello", route)));
    }

    [Fact]
    public async Task The_prefix_stands_before_every_route()
    {
        Assert.Equal("A", await WhoAnswersAsync("GET", "/api/here", "api", Function("A", "here")));
        Assert.Null(await WhoAnswersAsync("GET", "/here", "api", Function("A", "here")));
    }

    [Xunit.Theory]
    [InlineData("/")]
    [InlineData("admin/here")]
    [InlineData("administrators")]
    [InlineData("Runtime/here")]
    public void A_route_that_the_host_can_not_serve_is_refused(string route)
    {
        Assert.Throws<InvalidOperationException>(() => Routes("", Function("A", route)));
    }

    public void Dispose() => _services.Dispose();

    private static HttpFunction Function(string name, string? route, params string[] methods) =>
        new(Id: "", name, route, methods, "Anonymous");

    private FunctionRoutes Routes(string prefix, params HttpFunction[] functions) =>
        new(functions, prefix, _services.GetRequiredService<IInlineConstraintResolver>());

    private Task<string?> WhoAnswersAsync(string method, string path, params HttpFunction[] functions) =>
        WhoAnswersAsync(method, path, "", functions);

    private async Task<string?> WhoAnswersAsync(
        string method,
        string path,
        string prefix,
        params HttpFunction[] functions
    )
    {
        var context = new DefaultHttpContext { RequestServices = _services };
        context.Request.Method = method;
        context.Request.Path = path;
        return (await Routes(prefix, functions).FindAsync(context))?.Name;
    }
}
