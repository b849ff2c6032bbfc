using ThinDeployer.Contract.Tests.Hosting;
using ThinDeployer.Functions.Tests.Contracts;

namespace ThinDeployer.Functions.Tests.Serving;

/// <summary>The host starts the next worker while the last one still stops.</summary>
public sealed class OverlapTests
{
    [Fact]
    public async Task The_next_one_waits_for_the_data_folder_and_goes_on_where_the_last_one_ended()
    {
        await using var server = await FunctionsServer.StartAsync(
            ServiceYaml.Of(
                "site",
                "echo $DEPLOYMENT_ID >> ran; [ ! -e began ] || exit 0; touch began; trap '' TERM; sleep 600 & wait"
            )
        );
        var running = (await server.DeployAtOnceAsync("site")).Json.GetProperty("id").GetString()!;
        var queued = (await server.DeployAtOnceAsync("site")).Json.GetProperty("id").GetString()!;
        await server.Workspace.SiteHasAsync("began");

        await server.ReplaceWorkerAsync(_ => server.Program.Signal(PosixSignal.HangUp));

        Assert.Equal("interrupted", (await server.EndOfAsync(running)).GetProperty("status").GetString());
        Assert.Equal("succeeded", (await server.EndOfAsync(queued)).GetProperty("status").GetString());
        Assert.Equal($"{running}\n{queued}\n", server.Workspace.ReadSite("ran"));
        await Eventually.IsTrueAsync(
            () => new FunctionsApp().ProcessesBehind(server.Program).Count == 1,
            "one worker is left"
        );
    }
}
