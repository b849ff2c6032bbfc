using System.Net;
using ThinDeployer.Contract.Tests.Hosting;
using ThinDeployer.Contract.Tests.Http;
using ThinDeployer.Contract.Tests.Standalone;

namespace ThinDeployer.Contract.Tests.Proxies;

/// <summary>The documented proxies, each with the documented line for a Unix socket, before a server that listens on one.</summary>
public sealed class SocketProxyTests
{
    private const string Documented = "/run/thin-deployer.sock";

    /// <summary>What stands in place of the server's address in the page's configuration.</summary>
    private static readonly Dictionary<string, string> Spellings = new()
    {
        ["nginx"] = $"unix:{Documented}:",
        ["caddy"] = $"unix/{Documented}",
        ["haproxy"] = $"unix@{Documented}",
    };

    [Theory]
    [Through("nginx")]
    [Through("caddy")]
    [Through("haproxy")]
    public async Task It_deploys_through_the_socket_and_names_the_client(string proxy)
    {
        var workspace = new Workspace();
        workspace.Write("deployer.yml", ServiceYaml.Of("site", "echo deployed"));
        var socket = workspace.At("http.sock");
        await using var server = await RunningServer.StartAsync(
            new ProgramStart(new BareServer(), workspace)
            {
                Arguments = ["--listen", $"127.0.0.1:0,unix:{socket}", "--trusted-proxies", "unix"],
            }
        );
        Assert.Contains(Spellings[proxy], Document.Read("docs", "proxies.md"), StringComparison.Ordinal);
        await using var running = await RunningProxy.StartAsync(
            ProxyProgram.All[proxy],
            Spellings[proxy].Replace(Documented, socket, StringComparison.Ordinal)
        );
        await using var connection = await RawHttp.ConnectAsync(running.Address, IPAddress.Parse("127.0.0.2"));

        await connection.SendAsync(
            $"POST /deploy/site HTTP/1.1\nHost: {running.Address.Authority}\nX-Auth-Token: {ServiceYaml.Token}\n"
                + "X-Forwarded-For: 192.0.2.7\nContent-Length: 0\nConnection: close\n\n"
        );

        Assert.StartsWith("HTTP/1.1 202 ", await connection.ReadToEndAsync(), StringComparison.Ordinal);
        var newest = (await server.AskAsync("/deployments?limit=1")).Json.GetProperty("deployments")[0];
        Assert.Equal("127.0.0.2", newest.GetProperty("trigger").GetProperty("address").GetString());
    }
}
