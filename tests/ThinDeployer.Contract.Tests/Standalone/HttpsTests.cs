using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using ThinDeployer.Contract.Tests.Hosting;
using ThinDeployer.Contract.Tests.Http;

namespace ThinDeployer.Contract.Tests.Standalone;

/// <summary>TLS without a proxy: the same contract as without, and certificates that are renewed while it runs.</summary>
public sealed class HttpsTests
{
    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task It_deploys(SslProtocols version)
    {
        await using var server = await StartAsync();

        var answer = await SendAsync(
            server,
            RawRequest.Head("POST", "/deploy/site", $"X-Auth-Token: {ServiceYaml.Token}", "Content-Length: 0"),
            version
        );

        Assert.Equal("https", server.Address.Scheme);
        Assert.StartsWith("HTTP/1.1 202", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nonsense\n\n", "HTTP/1.1 400", "The request is not valid HTTP")]
    [InlineData("GET / HTTP/1.1\nHost: a\nContent-Length: +0\n\n", "HTTP/1.1 400", "The request is not valid HTTP")]
    [InlineData("POST / HTTP/1.0\n\n", "HTTP/1.1 405", "This path does not know the method; it knows GET")]
    [InlineData(
        "GET /nothing HTTP/1.1\nHost: a\nConnection: close\n\n",
        "HTTP/1.1 404",
        "There is nothing at this path"
    )]
    public async Task What_is_refused_is_json_and_a_line_of_the_log(string request, string status, string message)
    {
        await using var server = await StartAsync();

        var answer = await SendAsync(server, request);

        Assert.StartsWith(status, answer, StringComparison.Ordinal);
        Assert.Contains($"{{\"message\":\"{message}", answer, StringComparison.Ordinal);
        await LoggedAsync(server, "for 127.0.0.1");
    }

    [Fact]
    public async Task Only_http_1_1_is_agreed_on()
    {
        await using var server = await StartAsync();
        using var client = new TcpClient();

        await using var tls = await ShakeAsync(client, server);

        Assert.Equal(SslApplicationProtocol.Http11, tls.NegotiatedApplicationProtocol);
    }

    [Fact]
    public async Task Who_speaks_plain_http_is_told_so()
    {
        await using var server = await StartAsync();

        var answer = await server.SendRawAsync(RawRequest.Get("/"));

        Assert.Equal((400, "This port speaks TLS: use https"), (answer.Status, answer.Message));
        Assert.Equal("no-store", answer.Header("Cache-Control"));
        await LoggedAsync(server, "No TLS with 127.0.0.1: it speaks plain HTTP");
    }

    [Fact]
    public async Task Handshakes_that_fail_are_no_flood_of_the_log()
    {
        await using var server = await StartAsync();
        for (var i = 0; i < 30; i++)
        {
            await using var connection = await server.ConnectAsync();
            await connection.SendAsync("\u0016\u0003\u0001\u0000\u0005hello");
            await connection.ReadToEndAsync();
        }

        var answer = await SendAsync(server, RawRequest.Get("/", "Connection: close"));

        Assert.Contains("pong", answer, StringComparison.Ordinal);
        await LoggedAsync(server, "GET / 200");
        Assert.Single(server.Program.Output.Lines, line => line.Contains("No TLS", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_slow_handshake_and_silence_after_one_are_given_up()
    {
        await using var server = await StartAsync();
        await using var slow = await server.ConnectAsync();
        await slow.SendAsync("\u0016\u0003\u0001\u0001\u0000\u0001");
        using var client = new TcpClient();
        await using var silent = await ShakeAsync(client, server);

        var ends = Task.WhenAll(slow.ReadToEndAsync(), new StreamReader(silent).ReadToEndAsync());

        Assert.Equal(["", ""], await ends.WaitAsync(TimeSpan.FromSeconds(25), TimeProvider.System));
    }

    [Theory]
    [InlineData("--tls-certificate needs --tls-key, too", "--tls-certificate", "cert.pem")]
    [InlineData("--tls-key needs --tls-certificate, too", "--tls-key", "key.pem")]
    [InlineData("--tls-client-ca needs --tls-certificate and --tls-key, too", "--tls-client-ca", "cert.pem")]
    [InlineData("none.pem\": the file is missing", "--tls-certificate", "none.pem", "--tls-key", "key.pem")]
    [InlineData("site\": this is a folder, not a file", "--tls-certificate", "site", "--tls-key", "key.pem")]
    [InlineData("key.pem\" holds no certificate in PEM", "--tls-certificate", "key.pem", "--tls-key", "key.pem")]
    [InlineData("cert.pem\" holds no private key in PEM", "--tls-certificate", "cert.pem", "--tls-key", "cert.pem")]
    [InlineData(
        "other.pem\" is not the key of the first certificate",
        "--tls-certificate",
        "cert.pem",
        "--tls-key",
        "other.pem"
    )]
    [InlineData("locked.pem\" is encrypted", "--tls-certificate", "cert.pem", "--tls-key", "locked.pem")]
    [InlineData(
        "broken.pem\" holds a certificate that can't be read",
        "--tls-certificate",
        "broken.pem",
        "--tls-key",
        "key.pem"
    )]
    [InlineData(
        "key.pem\" holds no certificate in PEM",
        "--tls-certificate",
        "cert.pem",
        "--tls-key",
        "key.pem",
        "--tls-client-ca",
        "key.pem"
    )]
    public async Task What_can_t_be_used_is_a_mistake_of_the_configuration(string told, params string[] switches)
    {
        using var workspace = Site();
        using var certificate = CertificateFiles.Make();
        using var other = CertificateFiles.Make();
        CertificateFiles.Write(workspace, certificate);
        workspace.Write("other.pem", CertificateFiles.KeyOf(other).ExportPkcs8PrivateKeyPem());
        workspace.Write("broken.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
        workspace.Write(
            "locked.pem",
            CertificateFiles
                .KeyOf(certificate)
                .ExportEncryptedPkcs8PrivateKeyPem(
                    "password",
                    new(
                        System.Security.Cryptography.PbeEncryptionAlgorithm.Aes256Cbc,
                        System.Security.Cryptography.HashAlgorithmName.SHA256,
                        1_000
                    )
                )
        );

        var run = await ServerStart.EndsAsync(workspace, switches);

        Assert.Equal(ServerStart.WrongConfiguration, run.ExitCode);
        Assert.Contains(told, Assert.Single(ServerStart.ErrorLines(run)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pair_that_does_not_fit_yet_keeps_the_old_one_and_is_told_once()
    {
        await using var server = await StartAsync();
        var old = await ShownAsync(server);
        using var renewed = CertificateFiles.Make();

        CertificateFiles.WriteCertificate(server.Workspace, renewed);
        await LoggedAsync(server, "is not the key of the first certificate");
        server.Program.Signal(PosixSignal.HangUp);
        await LoggedAsync(server, "The configuration has not changed");
        var between = await ShownAsync(server);
        CertificateFiles.WriteKey(server.Workspace, renewed);
        await LoggedAsync(server, "The certificate was replaced");

        Assert.Equal((old, renewed.Thumbprint), (between, await ShownAsync(server)));
    }

    [Fact]
    public async Task Links_that_are_swapped_are_a_new_certificate_too()
    {
        await using var server = await StartAsync(workspace =>
        {
            foreach (var name in (string[])["cert.pem", "key.pem"])
            {
                workspace.Folder("1");
                File.Move(workspace.At(name), workspace.At("1", name));
                File.CreateSymbolicLink(workspace.At(name), workspace.At("1", name));
            }
        });
        using var renewed = CertificateFiles.Make();
        server.Workspace.Folder("2");
        server.Workspace.Write("2/cert.pem", renewed.ExportCertificatePem());
        server.Workspace.Write("2/key.pem", CertificateFiles.KeyOf(renewed).ExportPkcs8PrivateKeyPem());

        foreach (var name in (string[])["cert.pem", "key.pem"])
        {
            File.CreateSymbolicLink(server.Workspace.At("next"), server.Workspace.At("2", name));
            File.Move(server.Workspace.At("next"), server.Workspace.At(name), overwrite: true);
        }

        await LoggedAsync(server, "The certificate was replaced");
        Assert.Equal(renewed.Thumbprint, await ShownAsync(server));
    }

    [Fact]
    public async Task A_hang_up_takes_the_new_one_at_once_and_says_so()
    {
        await using var server = await StartAsync();

        server.Program.Signal(PosixSignal.HangUp);
        await LoggedAsync(server, "The certificate has not changed; it is good until");
        using var renewed = CertificateFiles.Make();
        CertificateFiles.Write(server.Workspace, renewed);
        server.Program.Signal(PosixSignal.HangUp);

        await LoggedAsync(server, "The certificate was replaced");
        Assert.Equal(renewed.Thumbprint, await ShownAsync(server));
    }

    [Fact]
    public async Task Who_demands_certificates_admits_those_of_its_authority_alone()
    {
        using var authority = CertificateFiles.MakeAuthority("ours");
        using var foreign = CertificateFiles.MakeAuthority("theirs");
        using var ours = CertificateFiles.MakeClient(authority);
        using var theirs = CertificateFiles.MakeClient(foreign);
        using var forServers = CertificateFiles.MakeClient(authority, "1.3.6.1.5.5.7.3.1");
        await using var server = await StartAsync(
            workspace => workspace.Write("ca.pem", authority.ExportCertificatePem()),
            "--tls-client-ca",
            "ca.pem"
        );
        var request = RawRequest.Get("/", "Connection: close");
        var deploy = RawRequest.Head("POST", "/deploy/site", "Content-Length: 0", "Connection: close");

        Assert.Contains("pong", await SendAsync(server, request, SslProtocols.None, ours), StringComparison.Ordinal);
        Assert.StartsWith(
            "HTTP/1.1 403",
            await SendAsync(server, deploy, SslProtocols.None, ours),
            StringComparison.Ordinal
        );
        Assert.Equal("", await SendAsync(server, request));
        Assert.Equal("", await SendAsync(server, request, SslProtocols.None, theirs));
        Assert.Equal("", await SendAsync(server, request, SslProtocols.None, forServers));
        Assert.Equal("", await SendAsync(server, request, SslProtocols.Tls12, theirs));
        await LoggedAsync(server, "it shows no certificate, and --tls-client-ca demands one");

        server.Workspace.Write("ca.pem", foreign.ExportCertificatePem());
        await LoggedAsync(server, "The certificate was replaced");

        Assert.Equal("", await SendAsync(server, request, SslProtocols.None, ours));
        Assert.Contains("pong", await SendAsync(server, request, SslProtocols.None, theirs), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(60, -1, "TLS: the certificate expired on")]
    [InlineData(-1, 60, "TLS: the certificate is not valid before")]
    [InlineData(80, 10, "TLS: the certificate expires on")]
    public async Task A_certificate_out_of_time_is_a_warning_and_doctor_says_so(int before, int left, string told)
    {
        using var certificate = CertificateFiles.Make(before, left);
        await using var server = await StartAsync(workspace => CertificateFiles.Write(workspace, certificate));

        await LoggedAsync(server, told);
        var doctor = await ProgramRun.ToEndAsync(
            new ProgramStart(new BareServer(), server.Workspace)
            {
                Arguments = ["doctor", "--port", "0", "--tls-certificate", "cert.pem", "--tls-key", "key.pem"],
            }
        );
        Assert.Contains($"certificate: {told["TLS: ".Length..]}", doctor.Output.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_unix_socket_stays_plain()
    {
        await using var server = await StartAsync(_ => { }, "--listen", "unix:/proc/self/cwd/http.sock");
        using var client = SocketHttp.To(server.Workspace.At("http.sock"));

        Assert.Contains("pong", await client.GetStringAsync(new Uri("/", UriKind.Relative)), StringComparison.Ordinal);
    }

    private static Workspace Site()
    {
        var workspace = new Workspace();
        workspace.Write("deployer.yml", ServiceYaml.Of("site", "true"));
        return workspace;
    }

    private static async Task<RunningServer> StartAsync(Action<Workspace>? prepare = null, params string[] arguments)
    {
        var workspace = Site();
        using var certificate = CertificateFiles.Make();
        CertificateFiles.Write(workspace, certificate);
        prepare?.Invoke(workspace);
        return await RunningServer.StartAsync(
            ServerStart.With(workspace, ["--tls-certificate", "cert.pem", "--tls-key", "key.pem", .. arguments])
        );
    }

    private static Task LoggedAsync(RunningServer server, string text) =>
        Eventually.IsTrueAsync(
            () => server.Program.Output.Text.Contains(text, StringComparison.Ordinal),
            $"the log says: {text}"
        );

    /// <summary>The thumbprint of what the server shows now.</summary>
    private static async Task<string> ShownAsync(RunningServer server)
    {
        using var client = new TcpClient();
        await using var tls = await ShakeAsync(client, server);
        return ((X509Certificate2)tls.RemoteCertificate!).Thumbprint;
    }

    /// <summary>All that comes until the connection ends; nothing where there is no handshake.</summary>
    private static async Task<string> SendAsync(
        RunningServer server,
        string request,
        SslProtocols version = SslProtocols.None,
        X509Certificate2? shown = null
    )
    {
        using var client = new TcpClient();
        try
        {
            await using var tls = await ShakeAsync(client, server, version, shown);
            var text = request.ReplaceLineEndings("\r\n");
            var close = text.Contains("Connection: close", StringComparison.Ordinal)
                ? text
                : text.Replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n", StringComparison.Ordinal);
            await tls.WriteAsync(
                Encoding.Latin1.GetBytes(text.StartsWith("nonsense", StringComparison.Ordinal) ? text : close)
            );
            using var reader = new StreamReader(tls);
            return await reader.ReadToEndAsync().WaitAsync(Eventually.Limit, TimeProvider.System);
        }
        catch (Exception exception) when (exception is IOException or AuthenticationException)
        {
            return "";
        }
    }

    private static async Task<SslStream> ShakeAsync(
        TcpClient client,
        RunningServer server,
        SslProtocols version = SslProtocols.None,
        X509Certificate2? shown = null
    )
    {
        await client.ConnectAsync(server.Address.Host, server.Address.Port);
        var tls = new SslStream(
            client.GetStream(),
            leaveInnerStreamOpen: false,
            (_, theirs, _, _) => theirs is not null
        );
        await tls.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = "127.0.0.1",
                EnabledSslProtocols = version,
                ClientCertificates = shown is null ? [] : [shown],
                ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11],
            }
        );
        return tls;
    }
}
