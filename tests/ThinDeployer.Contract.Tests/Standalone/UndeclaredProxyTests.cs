using ThinDeployer.Contract.Tests.Hosting;

namespace ThinDeployer.Contract.Tests.Standalone;

/// <summary>
/// A proxy nearby that nobody declared: nothing that it says of its clients is believed. Another host has a proxy of its own,
/// which says what it saw itself.
/// </summary>
public sealed class UndeclaredProxyTests(SharedServer<StandaloneServer> shared) : HostContract<StandaloneServer>(shared)
{
    protected override string Configuration =>
        ServiceYaml.Of("one", "true")
        + ServiceYaml.Of("two", "true")
        + ServiceYaml.Of("three", "true")
        + ServiceYaml.Of("four", "true");

    protected override IReadOnlyDictionary<string, string> Settings(Workspace workspace)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        return new Dictionary<string, string>
        {
            ["THIN_DEPLOYER_AUTH_FAILURES_PER_MINUTE"] = "3",
            ["THIN_DEPLOYER_LOG_FILE_PREFIX"] = workspace.At("server.log"),
        };
    }

    [Fact]
    public async Task To_claim_another_address_is_no_way_around_the_limit()
    {
        Assert.Equal([403, 403, 403], await TryAsync("198.18.0.1", "one", 3));

        Assert.Equal(429, (await TryAsync("198.18.0.2", "one", 1))[0]);
    }

    [Fact]
    public async Task Each_service_counts_for_itself_because_all_clients_look_like_one()
    {
        await TryAsync("198.18.0.3", "two", 3);

        Assert.Equal(202, await DeployAsync("three"));
        Assert.Equal(429, await DeployAsync("two"));
    }

    [Fact]
    public async Task It_is_warned_of_once_and_the_log_names_the_proxy()
    {
        await Server.GetAsync("/a", ("X-Forwarded-For", "198.18.0.4"));
        await Server.GetAsync("/b", ("X-Forwarded-For", "198.18.0.4"));

        await Eventually.IsTrueAsync(
            () => Log().Contains("GET /b 404 for 127.0.0.1", StringComparison.Ordinal),
            "the last request was logged"
        );
        Assert.Equal(2, Log().Split("--trusted-proxies").Length);
        Assert.DoesNotContain("198.18.0.4", Log(), StringComparison.Ordinal);
    }

    private async Task<int> DeployAsync(string service) =>
        (
            await Server.GetAsync(
                $"/deploy/{service}",
                ("X-Auth-Token", ServiceYaml.Token),
                ("X-Forwarded-For", "198.18.0.5")
            )
        ).Status;

    /// <summary>As often with a wrong token.</summary>
    private async Task<IReadOnlyList<int>> TryAsync(string claimed, string service, int times)
    {
        var statuses = new List<int>();
        while (statuses.Count < times)
        {
            var answer = await Server.GetAsync(
                $"/deploy/{service}",
                ("X-Auth-Token", "wrong"),
                ("X-Forwarded-For", claimed)
            );
            statuses.Add(answer.Status);
        }

        return statuses;
    }

    private string Log() => File.ReadAllText(Server.Workspace.At("server.log"));
}
