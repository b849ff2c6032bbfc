using ThinDeployer.Contract.Tests.Hosting;
using ThinDeployer.Contract.Tests.Http;

namespace ThinDeployer.Contract.Tests.Deploying;

/// <summary>The first decision: is there such a service?</summary>
public abstract class ServiceNameContract<THost>(SharedServer<THost> shared) : HostContract<THost>(shared)
    where THost : IHostProgram, new()
{
    private static readonly string LongestName = new('n', 128);

    protected override string Configuration =>
        "x-shared: {anything: [may, stand, here]}\n"
        + ServiceYaml.Of("A.z_0-9", "true")
        + ServiceYaml.Of(LongestName, "true");

    public static TheoryData<string, string> Unknown =>
        new()
        {
            { "unknown", "unknown" },
            { "a.z_0-9", "a.z_0-9" },
            { "x-shared", "x-shared" },
            { LongestName + "n", LongestName + "n" },
            { "na%20me", "na me" },
            { "n%C3%A4me", "näme" },
            { "%22%3Cscript%3E", "\"<script>" },
            { "name%0Aname", "name\nname" },
        };

    [Theory]
    [MemberData(nameof(Unknown))]
    public async Task A_service_that_is_not_configured_is_not_found(string inPath, string name)
    {
        var answer = await Server.SendRawAsync(
            RawRequest.Post($"/deploy/{inPath}", "", $"X-Auth-Token: {ServiceYaml.Token}")
        );

        Assert.Equal(404, answer.Status);
        Assert.Equal("Cannot find service", answer.Message);
        Assert.Equal(name, answer.Json.GetProperty("serviceName").GetString());
    }

    [Fact]
    public async Task Every_permitted_character_and_length_of_a_name_is_found()
    {
        Assert.Equal(202, (await Server.DeployAsync("A.z_0-9")).Status);
        Assert.Equal(202, (await Server.DeployAsync(LongestName)).Status);
    }
}
