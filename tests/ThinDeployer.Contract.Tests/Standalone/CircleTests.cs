using ThinDeployer.Contract.Tests.Hosting;
using ThinDeployer.Contract.Tests.Live;

namespace ThinDeployer.Contract.Tests.Standalone;

/// <summary>The contract, and what only a server that is reached without a host between can see.</summary>
public sealed class CircleTests(SharedServer<StandaloneServer> server) : CircleContract<StandaloneServer>(server)
{
    protected override string Configuration =>
        base.Configuration + ServiceYaml.Of("silent", Waits("silent", "Accept: application/json"));

    [Fact]
    public async Task A_step_is_known_by_its_connection_too()
    {
        var id = await BeginAsync(Server, "silent");

        await IsToldAsync(Server, id, "silent", "silent");
        await Server.ControlAsync($"{id}/cancel");
        await Server.EndOfAsync(id);
    }

    [Fact]
    public async Task The_client_says_who_it_is()
    {
        await using var own = await StartOwnAsync(
            ServiceYaml.Of(
                "site",
                $"[ -e asked ] && exit; touch asked; THIN_DEPLOYER_TOKEN={ServiceYaml.Token} {ServerProgram.Path} deploy --server http://127.0.0.1:%port% site"
            ),
            // The circle would go on for as long as the server lets what runs end.
            new Dictionary<string, string> { ["THIN_DEPLOYER_SHUTDOWN_GRACE"] = "100ms" }
        );

        var id = await BeginAsync(own, "site");

        await IsToldAsync(own, id, "site", "site");
    }
}
