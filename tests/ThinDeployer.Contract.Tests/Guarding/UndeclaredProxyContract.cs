using ThinDeployer.Contract.Tests.Hosting;

namespace ThinDeployer.Contract.Tests.Guarding;

/// <summary>A proxy nearby that nobody declared: nothing that it says of its clients is believed.</summary>
public abstract class UndeclaredProxyContract<THost>(SharedServer<THost> shared) : HostContract<THost>(shared)
    where THost : IHostProgram, new()
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
        Assert.Equal([403, 403, 403], await Stranger.Before(Server).TryAsync("one", "wrong", 3));

        Assert.Equal(429, (await Stranger.Before(Server).TryAsync("one", "wrong")).Status);
    }

    [Fact]
    public async Task Each_service_counts_for_itself_because_all_clients_look_like_one()
    {
        await Stranger.Before(Server).TryAsync("two", "wrong", 3);

        Assert.Equal(202, (await Stranger.Before(Server).TryAsync("three", ServiceYaml.Token)).Status);
        Assert.Equal(429, (await Stranger.Before(Server).TryAsync("two", ServiceYaml.Token)).Status);
    }

    [Fact]
    public async Task It_is_warned_of_once_and_the_log_names_the_proxy()
    {
        var stranger = Stranger.Before(Server);
        await stranger.GetAsync("/a");
        await stranger.GetAsync("/b");

        await Eventually.IsTrueAsync(
            () => Log().Contains("GET /b 404 for 127.0.0.1", StringComparison.Ordinal),
            "the last request was logged"
        );
        Assert.Equal(2, Log().Split("--trusted-proxies").Length);
        Assert.DoesNotContain(stranger.Address, Log(), StringComparison.Ordinal);
    }

    private string Log() => File.ReadAllText(Server.Workspace.At("server.log"));
}
