using ThinDeployer.Contract.Tests.Hosting;
using ThinDeployer.Contract.Tests.Standalone;

namespace ThinDeployer.Contract.Tests.Client;

/// <summary>Every example of docs/ci.md, run by a shell against a real server.</summary>
public sealed class DocumentedExampleTests(SharedServer<StandaloneServer> shared)
    : HostContract<StandaloneServer>(shared),
        IClassFixture<SharedServer<StandaloneServer>>
{
    private const int ExampleCount = 5;

    protected override string Configuration => DocumentedExample.Service;

    public static TheoryData<string> Examples => [.. DocumentedExample.All];

    [Xunit.Fact]
    public void All_of_them_are_found() => Assert.Equal(ExampleCount, Examples.Count);

    [Theory]
    [MemberData(nameof(Examples))]
    public Task It_is_green_when_the_deployment_succeeds_and_red_when_it_fails(string command) =>
        DocumentedExample.ShowsHowItEndsAsync(command, Server.Workspace, Server.Address);
}
