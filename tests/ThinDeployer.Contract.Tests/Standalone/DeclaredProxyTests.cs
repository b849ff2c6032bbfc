using ThinDeployer.Contract.Tests.Hosting;
using ThinDeployer.Contract.Tests.Http;

namespace ThinDeployer.Contract.Tests.Standalone;

/// <summary>A proxy that was declared: its clients are who it says.</summary>
public sealed class DeclaredProxyTests(SharedServer<StandaloneServer> shared) : HostContract<StandaloneServer>(shared)
{
    protected override string Configuration => ServiceYaml.Of("site", "true");

    protected override IReadOnlyDictionary<string, string> Settings(Workspace workspace) =>
        new Dictionary<string, string>
        {
            ["THIN_DEPLOYER_TRUSTED_PROXIES"] = "127.0.0.1",
            ["THIN_DEPLOYER_AUTH_FAILURES_PER_MINUTE"] = "1",
        };

    [Fact]
    public async Task Each_client_counts_for_itself()
    {
        await TryAsync("198.18.1.1", "wrong");

        Assert.Equal(429, (await TryAsync("198.18.1.1", "wrong")).Status);
        Assert.Equal(403, (await TryAsync("198.18.1.2", "wrong")).Status);
    }

    [Fact]
    public async Task A_network_of_version_six_is_one_address()
    {
        await TryAsync("2001:db8:1:2::1", "wrong");

        Assert.Equal(429, (await TryAsync("[2001:db8:1:2:ffff::2]:4711", "wrong")).Status);
        Assert.Equal(403, (await TryAsync("2001:db8:1:3::1", "wrong")).Status);
    }

    [Fact]
    public async Task The_record_names_the_client_and_not_the_proxy()
    {
        var id = (await TryAsync("198.18.1.3", ServiceYaml.Token)).Json.GetProperty("id").GetString();

        var deployment = (await Server.AskAsync($"/deployments/{id}")).Json;

        Assert.Equal("198.18.1.3", deployment.GetProperty("trigger").GetProperty("address").GetString());
    }

    private Task<Answer> TryAsync(string client, string token) =>
        Server.GetAsync("/deploy/site", ("X-Auth-Token", token), ("X-Forwarded-For", client));
}
