using System.Net;
using System.Net.Sockets;
using ThinDeployer.Contract.Tests.Hosting;

namespace ThinDeployer.Functions.Tests.Serving;

/// <summary>The host kills a worker 5 s after it was told to stop; the exit code shows whether it had to.</summary>
public sealed class ShutdownTests
{
    [Theory]
    [InlineData("")]
    [InlineData("trap '' TERM; ")]
    public async Task A_deployment_in_hand_is_stopped_whole_before_the_host_would_kill(string reaction)
    {
        var configuration = ServiceYaml.Of("site", reaction + "sleep 600 & touch begun; wait");
        await using var server = await FunctionsServer.StartAsync(configuration);
        var deployment = server.DeployAsync("site");
        await server.Workspace.SiteHasAsync("begun");

        server.Program.Signal(PosixSignal.Terminate);

        Assert.Equal(0, await server.Program.ExitAsync());
        Assert.Empty(ForeignProcess.Below(server.Workspace.Site));
        Assert.Equal("interrupted", (await deployment).Json.GetProperty("status").GetString());
    }

    [Fact]
    public async Task With_nothing_in_hand_it_ends_by_itself_too()
    {
        await using var server = await FunctionsServer.StartAsync(ServiceYaml.Of("site", "true"));

        server.Program.Signal(PosixSignal.Terminate);

        Assert.Equal(0, await server.Program.ExitAsync());
    }

    [Fact]
    public async Task A_chat_that_does_not_answer_does_not_hold_it_up()
    {
        using var silent = new TcpListener(IPAddress.Loopback, port: 0);
        silent.Start();
        var notification = $"use_notification: true, notification_webhook_url: 'http://{silent.LocalEndpoint}/'";
        var configuration = ServiceYaml.With("site", notification, "trap '' TERM; sleep 600 & touch begun; wait");
        await using var server = await FunctionsServer.StartAsync(configuration);
        var deployment = server.DeployAsync("site");
        await server.Workspace.SiteHasAsync("begun");

        server.Program.Signal(PosixSignal.Terminate);

        Assert.Equal(0, await server.Program.ExitAsync());
        Assert.Equal("interrupted", (await deployment).Json.GetProperty("status").GetString());
    }
}
