using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using ThinDeployer.Contract.Tests.Hosting;
using ThinDeployer.Contract.Tests.Http;
using ThinDeployer.Contract.Tests.Standalone;

namespace ThinDeployer.Contract.Tests.Watching;

/// <summary>
/// Receivers that can't be told as they are: what is said of each, that others are told meanwhile, and that each has its
/// message once it can be told. In one host: all of it is the core's.
/// </summary>
public sealed class TroubledTargetTests(SharedServer<StandaloneServer> shared)
    : HostContract<StandaloneServer>(shared),
        IClassFixture<SharedServer<StandaloneServer>>
{
    private const string BrokenOff = "it broke off before it had answered";
    private const string NoTls = "its certificate is not trusted, or it speaks no TLS there";
    private const string TooSlow = "it did not answer in time";

    [Theory]
    [InlineData("nobody", NoTls)]
    [InlineData("another name", NoTls)]
    [InlineData("out of date", NoTls)]
    [InlineData("none", NoTls)]
    public async Task A_certificate_that_is_not_right(string wrong, string why)
    {
        using var authority = CertificateFiles.MakeAuthority("of these tests");
        using var stranger = CertificateFiles.MakeAuthority("nobody knows");
        using var right = CertificateFiles.MakeServer(authority, IPAddress.Loopback);
        using var certificate = wrong switch
        {
            "nobody" => CertificateFiles.MakeServer(stranger, IPAddress.Loopback),
            "another name" => CertificateFiles.MakeServer(authority, IPAddress.Parse("192.0.2.1")),
            _ => CertificateFiles.Make(daysBefore: 30, daysLeft: -1),
        };
        await using var odd = new OddReceiver(
            wrong == "none"
                ? OddReceiver.HalfClosedAsync("HTTP/1.1 400 Bad Request\r\n\r\n", isRead: false)
                : OddReceiver.SafeAsync(certificate)
        );

        await IsToldOnceAsync(odd, OddReceiver.SafeAsync(right), why, "https", authority);
    }

    [Theory]
    [InlineData("reset before", BrokenOff)]
    [InlineData("reset after", BrokenOff)]
    [InlineData("half closed", BrokenOff)]
    [InlineData("half an answer", BrokenOff)]
    [InlineData("mail", "what it answers is no HTTP")]
    [InlineData("endless", "its answer is too long")]
    public async Task A_connection_that_breaks(string how, string why)
    {
        await using var odd = new OddReceiver(
            how switch
            {
                "reset before" => OddReceiver.ResettingAsync(isRead: false),
                "reset after" => OddReceiver.ResettingAsync(isRead: true),
                "half closed" => OddReceiver.HalfClosedAsync(""),
                "half an answer" => OddReceiver.HalfClosedAsync("HTTP/1.1 200 OK\r\nContent-"),
                "endless" => OddReceiver.HalfClosedAsync("HTTP/1.1 200 OK\r\nX-A: " + new string('a', 1_000_000)),
                _ => OddReceiver.HalfClosedAsync("220 mail.example.org ESMTP\r\n"),
            }
        );

        await IsToldOnceAsync(odd, OddReceiver.GoodAsync, why);
    }

    [Fact]
    public async Task Nobody_listens()
    {
        int port;
        using (var taken = new TcpListener(IPAddress.Loopback, port: 0))
        {
            taken.Start();
            port = ((IPEndPoint)taken.LocalEndpoint).Port;
        }

        await using var quick = await WebhookReceiver.StartAsync();
        await using var server = await StartOwnAsync(Telling($"http://127.0.0.1:{port}/", quick.Url));

        await server.DeployAsync("loud");

        await WaitingOutbox.SaysAsync(server, "waiting", "it can't be reached");
        await Eventually.IsTrueAsync(() => quick.Requests.Count == 1, "the other is told");
    }

    [Fact]
    public async Task No_name_leads_there()
    {
        await using var quick = await WebhookReceiver.StartAsync();
        await using var server = await StartOwnAsync(Telling("http://nobody.invalid/", quick.Url));

        await server.DeployAsync("loud");

        await WaitingOutbox.SaysAsync(server, "waiting", "its name leads nowhere");
        await Eventually.IsTrueAsync(() => quick.Requests.Count == 1, "the other is told");
    }

    /// <summary>In real time: each try ends after ten seconds.</summary>
    [Fact]
    public async Task Slow_ones_hold_up_nobody_and_are_given_up()
    {
        await using var silent = new OddReceiver(OddReceiver.SilentAsync);
        await using var dribbling = new OddReceiver(OddReceiver.DribblingAsync);
        await using var handshake = new OddReceiver(OddReceiver.SilentAsync);
        await using var quick = await WebhookReceiver.StartAsync();
        var slow = new[] { silent, dribbling, handshake };
        await using var server = await StartOwnAsync(
            Telling(
                $"http://127.0.0.1:{silent.Port}/",
                $"http://127.0.0.1:{dribbling.Port}/",
                $"https://127.0.0.1:{handshake.Port}/",
                quick.Url
            )
        );

        await server.DeployAsync("loud");
        await Eventually.IsTrueAsync(() => slow.All(one => one.Count > 0), "all are busy with the first message");
        await server.DeployAsync("loud");

        await Eventually.IsTrueAsync(() => quick.Requests.Count == 2, "the quick one is told of both");
        Assert.All(Reasons(await server.AskAsync("/outbox")), Assert.Null);
        await Eventually.IsTrueAsync(
            async () => Reasons(await server.AskAsync("/outbox")).Count(why => why == TooSlow),
            3,
            "each is given up"
        );
        silent.Become(OddReceiver.GoodAsync);
        dribbling.Become(OddReceiver.GoodAsync);
        await Eventually.IsTrueAsync(
            () => silent.Requests.Count == 2 && dribbling.Requests.Count == 2,
            "both are told in the end"
        );
        Assert.Equal(2, quick.Requests.Count);
    }

    private static async Task IsToldOnceAsync(
        OddReceiver odd,
        Func<OddReceiver, TcpClient, Task> right,
        string why,
        string scheme = "http",
        X509Certificate2? authority = null
    )
    {
        await using var quick = await WebhookReceiver.StartAsync();
        var workspace = new Workspace();
        workspace.Write("deployer.yml", Telling($"{scheme}://127.0.0.1:{odd.Port}/secret-part", quick.Url));
        await using var server = await RunningServer.StartAsync(
            new ProgramStart(new StandaloneServer(), workspace)
            {
                Settings = authority is null ? NoSettings : CertificateFiles.Trusting(workspace, authority),
            }
        );

        await server.DeployAsync("loud");

        await WaitingOutbox.SaysAsync(server, "waiting", why);
        await Eventually.IsTrueAsync(() => quick.Requests.Count == 1, "the other is told");
        odd.Become(right);
        var outbox = await WaitingOutbox.EmptyAsync(server);
        Assert.Equal(0, outbox.GetProperty("notTold").GetArrayLength());
        Assert.Contains("deployment.succeeded", Assert.Single(odd.Requests), StringComparison.Ordinal);
        Assert.Single(quick.Requests);
    }

    private static string Telling(params string[] urls) =>
        ServiceYaml.With(
            "loud",
            $"notify: [{string.Join(", ", urls.Select(url => $"{{to: webhook, url: '{url}', on: [succeeded]}}"))}]",
            "true"
        );

    private static List<string?> Reasons(Answer outbox) =>
        [
            .. outbox
                .Json.GetProperty("waiting")
                .EnumerateArray()
                .Select(one => one.TryGetProperty("reason", out JsonElement reason) ? reason.GetString() : null),
        ];
}
