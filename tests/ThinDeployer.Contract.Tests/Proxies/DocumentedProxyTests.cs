using System.Net;
using System.Text.RegularExpressions;
using ThinDeployer.Contract.Tests.Client;
using ThinDeployer.Contract.Tests.Hosting;
using ThinDeployer.Contract.Tests.Http;
using ThinDeployer.Contract.Tests.Standalone;

namespace ThinDeployer.Contract.Tests.Proxies;

/// <summary>The documented calls through the documented reverse proxies.</summary>
public sealed class DocumentedProxyTests(SharedServer<StandaloneServer> shared, StartedProxies proxies)
    : HostContract<StandaloneServer>(shared),
        IClassFixture<SharedServer<StandaloneServer>>,
        IClassFixture<StartedProxies>
{
    private const string ReadmeToken = "try-it-on-your-own-machine-only";

    /// <summary>25 MiB: the default of <c>--max-body</c>.</summary>
    private const int ServerLimit = 25 << 20;

    private static readonly IPAddress Own = IPAddress.Loopback;
    private static readonly IPAddress Other = IPAddress.Parse("127.0.0.2");

    /// <summary>What is for the own network.</summary>
    private static readonly IReadOnlyList<string> Closed = ["/", "/deployments", "/services", "/technical/live"];

    /// <summary>The same by paths that begin as those do that are open.</summary>
    private static readonly IReadOnlyList<string> Detours =
    [
        "/deploy/../deployments",
        "/deploy/./../deployments",
        "/deploy/shop/../../deployments",
        "/deploy/%2e%2e/deployments",
        "/deploy/..%2fdeployments",
        "/deploy//../../deployments",
        "/deploy/%2E%2E/services",
        "/deploy/..",
        "/deploy/%2e%2e",
        "/deploy\\..\\deployments",
    ];

    protected override string Configuration =>
        DocumentedExample.Service
        + ServiceYaml.With("hello-site", "vars: {greeting: none}", "echo says %greeting%; [ ! -e bad ]")
        + ServiceYaml.Of("waits", "echo before", "until [ -e waits.go ]; do sleep 0.02; done; rm waits.go; echo after")
        + ServiceYaml.Of("endless", "sleep 600");

    protected override IReadOnlyDictionary<string, string> Settings(Workspace workspace) =>
        new Dictionary<string, string> { ["THIN_DEPLOYER_TRUSTED_PROXIES"] = "127.0.0.1" };

    [Theory]
    [Through("nginx")]
    [Through("nginx, HTTP/1.0")]
    [Through("caddy")]
    [Through("apache")]
    [Through("haproxy")]
    public async Task Each_example_for_a_job_shows_how_it_ends(string proxy)
    {
        var address = await AddressOfAsync(proxy);

        foreach (var command in DocumentedExample.All)
        {
            await DocumentedExample.ShowsHowItEndsAsync(command, Server.Workspace, address);
        }
    }

    [Theory]
    [Through("nginx")]
    [Through("nginx, HTTP/1.0")]
    [Through("caddy")]
    [Through("apache")]
    [Through("haproxy")]
    public async Task The_call_of_the_readme_is_answered(string proxy)
    {
        var address = await AddressOfAsync(proxy);
        var call = Regex
            .Match(Document.Read("README.md"), "^curl -N .*$", RegexOptions.Multiline, TimeSpan.FromSeconds(1))
            .Value.Replace(ReadmeToken, ServiceYaml.Token, StringComparison.Ordinal)
            .Replace("http://127.0.0.1:8012/", address.ToString(), StringComparison.Ordinal);

        var good = await DocumentedExample.RunAsync(call, Server.Workspace, address);
        Server.Workspace.TouchSite("bad");
        var bad = await DocumentedExample.RunAsync(call, Server.Workspace, address);
        File.Delete(Server.Workspace.At("site", "bad"));

        Assert.Contains("says Ahoy", good.Output, StringComparison.Ordinal);
        Assert.EndsWith(" # Deployment succeeded: hello-site\n", good.Output, StringComparison.Ordinal);
        Assert.EndsWith(" # Deployment failed: hello-site\n", bad.Output, StringComparison.Ordinal);
    }

    [Theory]
    [Through("nginx")]
    [Through("nginx, HTTP/1.0")]
    [Through("caddy")]
    [Through("apache")]
    [Through("haproxy")]
    public async Task An_answer_at_once_is_followed_by_events_as_they_come(string proxy)
    {
        using var client = new HttpClient { BaseAddress = await AddressOfAsync(proxy) };
        using var accepted = await client.SendAsync(
            Request(HttpMethod.Post, "/deploy/waits", ("Prefer", "respond-async"))
        );
        await using var log = await LiveLog.OpenAsync(
            client,
            Request(HttpMethod.Get, $"{accepted.Headers.Location}/log", ("Accept", "text/event-stream"))
        );

        var output = await log.OutputUntilAsync("before\n");
        Server.Workspace.TouchSite("waits.go");
        var rest = await log.AllAsync();

        Assert.Equal(HttpStatusCode.Accepted, accepted.StatusCode);
        Assert.DoesNotContain("after", output, StringComparison.Ordinal);
        Assert.Equal("end", rest[^1].Type);
        Assert.Equal("succeeded", rest[^1].Data.GetProperty("status").GetString());
    }

    [Theory]
    [Through("nginx")]
    [Through("caddy")]
    [Through("apache")]
    [Through("haproxy")]
    public async Task Text_comes_while_the_deployment_runs(string proxy)
    {
        using var client = new HttpClient { BaseAddress = await AddressOfAsync(proxy) };
        await using var text = await LiveLog.OpenAsync(
            client,
            Request(HttpMethod.Post, "/deploy/waits", ("Accept", "text/plain"))
        );

        await text.TextUntilAsync("before\n");
        Server.Workspace.TouchSite("waits.go");
        var (rest, _) = await text.RestAsync();

        Assert.EndsWith("after\n # Deployment succeeded: waits\n", rest, StringComparison.Ordinal);
    }

    [Theory]
    [Through("nginx")]
    [Through("nginx, HTTP/1.0")]
    [Through("caddy")]
    [Through("apache")]
    [Through("haproxy")]
    public async Task A_rerun_and_a_cancel_reach_the_server(string proxy)
    {
        var address = await AddressOfAsync(proxy);
        var shop = (await Server.DeployAsync("shop")).Json.GetProperty("id").GetString()!;
        var endless = (await Server.DeployAtOnceAsync("endless")).Json.GetProperty("id").GetString()!;

        var again = await RunClientAsync(address, "rerun", shop);
        Server.Workspace.TouchSite("bad");
        var failed = await RunClientAsync(address, "rerun", shop);
        File.Delete(Server.Workspace.At("site", "bad"));
        var cancelled = await RunClientAsync(address, "cancel", endless);

        Assert.Equal((0, ClientProgram.Failed, 0), (again.ExitCode, failed.ExitCode, cancelled.ExitCode));
        Assert.Equal("cancelled", (await Server.EndOfAsync(endless)).GetProperty("status").GetString());
    }

    [Theory]
    [Through("nginx")]
    [Through("nginx, HTTP/1.0")]
    [Through("caddy")]
    [Through("apache")]
    [Through("haproxy")]
    public async Task The_record_names_the_client_and_the_page_of_the_site_itself_may_ask(string proxy)
    {
        var address = await AddressOfAsync(proxy);
        await using var connection = await RawHttp.ConnectAsync(address, Other);
        await connection.SendAsync(
            $"POST /deploy/shop?token={ServiceYaml.Token} HTTP/1.1\nHost: {address.Authority}\n"
                // What a client says of itself does not count.
                + "X-Forwarded-For: 192.0.2.7\n"
                + $"Origin: http://{address.Authority}\nContent-Length: 0\nConnection: close\n\n"
        );

        var answer = await connection.ReadToEndAsync();

        Assert.StartsWith("HTTP/1.1 202 ", answer, StringComparison.Ordinal);
        var newest = (await Server.AskAsync("/deployments?limit=1")).Json.GetProperty("deployments")[0];
        Assert.Equal("127.0.0.2", newest.GetProperty("trigger").GetProperty("address").GetString());
    }

    [Theory]
    [Through("nginx")]
    [Through("caddy")]
    [Through("apache")]
    [Through("haproxy")]
    public async Task It_ends_tls_and_takes_as_large_a_body_as_the_server(string proxy)
    {
        var address = (await proxies.RunningAsync(proxy, Server.Address)).TlsAddress;
        using var client = new HttpClient(TestCertificate.Trusting()) { BaseAddress = address };
        var request = Request(HttpMethod.Post, "/deploy/shop", ("Accept", "application/json"));
        request.Content = new ByteArrayContent(new byte[ServerLimit]);

        using var answer = await client.SendAsync(request);

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.Contains("\"status\":\"succeeded\"", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [Through("nginx")]
    [Through("nginx, HTTP/1.0")]
    [Through("caddy")]
    [Through("apache")]
    [Through("haproxy")]
    public async Task Others_than_the_own_network_reach_deployments_to_begin_and_nothing_else(string proxy)
    {
        var address = await AddressOfAsync(proxy);

        foreach (var path in Closed)
        {
            Assert.Matches(" 20[04] ", await FirstLineAsync(address, Own, $"GET {path}"));
        }

        foreach (var path in Closed.Concat(Detours))
        {
            Assert.DoesNotMatch(" 2[0-9]{2} ", await FirstLineAsync(address, Other, $"GET {path}"));
        }

        Assert.Matches(" 202 ", await FirstLineAsync(address, Other, "POST /deploy/shop"));
    }

    private async Task<Uri> AddressOfAsync(string proxy) => (await proxies.RunningAsync(proxy, Server.Address)).Address;

    private static async Task<string> FirstLineAsync(Uri address, IPAddress from, string request)
    {
        await using var connection = await RawHttp.ConnectAsync(address, from);
        await connection.SendAsync(
            $"{request} HTTP/1.1\nHost: {address.Authority}\nX-Auth-Token: {ServiceYaml.Token}\n"
                + "X-Forwarded-For: 127.0.0.1\nContent-Length: 0\nConnection: close\n\n"
        );
        return $"{request}: {(await connection.ReadToEndAsync()).Split('\n')[0]}";
    }

    private Task<ProgramRun> RunClientAsync(Uri address, params string[] arguments) =>
        ProgramRun.ToEndAsync(ClientProgram.Start(Server.Workspace, address, arguments));

    private static HttpRequestMessage Request(HttpMethod method, string path, (string Name, string Value) header)
    {
        var request = new HttpRequestMessage(method, path);
        request.Headers.Add("X-Auth-Token", ServiceYaml.Token);
        request.Headers.Add(header.Name, header.Value);
        return request;
    }
}
