using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Http;
using ThinDeployer.Contract.Tests.Hosting;

namespace ThinDeployer.Contract.Tests.Client;

/// <summary>Why a server can't be trusted, in words, and at once: no patience mends a certificate.</summary>
public sealed class TlsTests : IDisposable
{
    private static readonly DateTimeOffset Past = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Future = new(2090, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public async Task A_good_certificate_is_no_trouble()
    {
        using var certificate = Certificate(Past, Future, "127.0.0.1");

        var run = await AskAsync(certificate, isTrusted: true);

        Assert.True(run.ExitCode == 0, run.Errors.Text);
    }

    [Theory]
    [InlineData(-1, "127.0.0.1", true, "its certificate expired on 2020-01-02")]
    [InlineData(
        1,
        "127.0.0.1",
        true,
        "its certificate is not valid before 2089-12-31; is the clock of this machine right?"
    )]
    [InlineData(0, "shop.example.org", true, "its certificate is for shop.example.org, and not for this name")]
    [InlineData(0, "127.0.0.1", false, "its certificate is signed by itself, and this machine does not trust it")]
    [InlineData(-1, "shop.example.org", true, "not for this name; its certificate expired on 2020-01-02")]
    public async Task What_is_wrong_with_a_certificate_is_told(int when, string name, bool isTrusted, string told)
    {
        using var certificate = Certificate(
            when > 0 ? Future.AddDays(-1) : Past,
            when < 0 ? Past.AddDays(1) : Future,
            name
        );

        var run = await AskAsync(certificate, isTrusted);

        Assert.Equal(ClientProgram.NotReached, run.ExitCode);
        Assert.Contains(told, Assert.Single(run.Errors.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_authority_that_is_not_known_is_named()
    {
        using var authority = Certificate(Past, Future, "authority", isAuthority: true);
        using var key = RSA.Create(2048);
        using var signed = Request(key, "127.0.0.1", isAuthority: false)
            .Create(authority, Past, Future.AddDays(-1), [1, 2, 3])
            .CopyWithPrivateKey(key);
        using var certificate = Stored(signed);

        var run = await AskAsync(certificate, isTrusted: false);

        Assert.Equal(ClientProgram.NotReached, run.ExitCode);
        Assert.Contains(
            "its certificate is signed by CN=authority, whom this machine does not",
            Assert.Single(run.Errors.Lines),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("deploy", "site")]
    [InlineData("log", "01a20ae4-0000-7000-8000-000000000000", "--follow")]
    public async Task Every_command_ends_at_once(params string[] arguments)
    {
        using var certificate = Certificate(Past, Future, "127.0.0.1");

        var run = await AskAsync(certificate, isTrusted: false, arguments);

        Assert.Equal(ClientProgram.NotReached, run.ExitCode);
        Assert.Contains("signed by itself", Assert.Single(run.Errors.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_mixes_up_http_and_https_is_told()
    {
        using var certificate = Certificate(Past, Future, "127.0.0.1");
        await using var plain = await StandInServer.StartAsync(Answer);
        await using var safe = await StandInServer.StartAsync(Answer, certificate);

        var toPlain = await RunAsync(new Uri($"https://{plain.Address.Authority}"), "");
        var toSafe = await RunAsync(new Uri($"http://{safe.Address.Authority}"), "", "list", "--patience", "1ms");

        Assert.Equal((ClientProgram.NotReached, ClientProgram.NotReached), (toPlain.ExitCode, toSafe.ExitCode));
        Assert.Contains("is it an http:// address?", Assert.Single(toPlain.Errors.Lines), StringComparison.Ordinal);
        Assert.Contains("is it an https:// address?", Assert.Single(toSafe.Errors.Lines), StringComparison.Ordinal);
    }

    private async Task<ProgramRun> AskAsync(X509Certificate2 certificate, bool isTrusted, params string[] arguments)
    {
        await using var server = await StandInServer.StartAsync(Answer, certificate);
        return await RunAsync(server.Address, isTrusted ? certificate.ExportCertificatePem() : "", arguments);
    }

    private Task<ProgramRun> RunAsync(Uri server, string trusted, params string[] arguments)
    {
        var start = ClientProgram.Start(_workspace, server, arguments is [] ? ["list"] : arguments);
        return ProgramRun.ToEndAsync(
            start with
            {
                Settings = new Dictionary<string, string>(start.Settings)
                {
                    ["SSL_CERT_FILE"] = _workspace.Write("trusted.pem", trusted),
                    ["SSL_CERT_DIR"] = _workspace.Folder("none"),
                },
            }
        );
    }

    private static Task Answer(HttpContext context) => context.Response.WriteAsync("""{"deployments": []}""");

    private static X509Certificate2 Certificate(
        DateTimeOffset from,
        DateTimeOffset to,
        string name,
        bool isAuthority = false
    )
    {
        using var key = RSA.Create(2048);
        using var made = Request(key, name, isAuthority).CreateSelfSigned(from, to);
        return Stored(made);
    }

    private static CertificateRequest Request(RSA key, string name, bool isAuthority)
    {
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        if (IPAddress.TryParse(name, out var address))
        {
            names.AddIpAddress(address);
        }
        else
        {
            names.AddDnsName(name);
        }

        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(isAuthority, false, 0, critical: true));
        return request;
    }

    /// <summary>With its key where a server can use it.</summary>
    private static X509Certificate2 Stored(X509Certificate2 made) =>
        X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), password: null);
}
