using ThinDeployer.Contract.Tests.Hosting;
using ThinDeployer.Functions.Tests.Contracts;

namespace ThinDeployer.Functions.Tests.Serving;

/// <summary>What no function was made for is still answered by the core, not by the host.</summary>
public sealed class OtherRequestTests(SharedServer<FunctionsApp> shared) : HostContract<FunctionsApp>(shared)
{
    protected override string Configuration => ServiceYaml.Of("site", "true");

    public static TheoryData<string> Methods => ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "HEAD"];

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task A_known_path_names_its_methods_to_any_other(string method)
    {
        var answer = await Server.SendAsync(new HttpMethod(method), "/deploy/site", content: null);

        Assert.Equal(405, answer.Status);
        Assert.Equal("GET, POST", answer.Header("Allow"));
        Assert.StartsWith("application/json", answer.Header("Content-Type"), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task An_unknown_path_is_not_found_by_any_method(string method)
    {
        var answer = await Server.SendAsync(new HttpMethod(method), "/nothing/here", content: null);

        Assert.Equal(404, answer.Status);
        Assert.StartsWith("application/json", answer.Header("Content-Type"), StringComparison.Ordinal);
    }

    public static TheoryData<string> Names => [.. DeclaredFunctions.All.Select(function => function.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task The_name_of_a_function_is_no_path(string name)
    {
        Assert.Equal(404, (await Server.GetAsync($"/{name}")).Status);
        Assert.Equal(404, (await Server.GetAsync($"/api/{name}")).Status);
    }
}
