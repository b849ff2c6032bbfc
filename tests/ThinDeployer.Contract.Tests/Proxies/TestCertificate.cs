using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ThinDeployer.Contract.Tests.Hosting;

namespace ThinDeployer.Contract.Tests.Proxies;

/// <summary>A certificate for 127.0.0.1 that nobody else has signed, for these tests only.</summary>
internal static class TestCertificate
{
    private static readonly X509Certificate2 Certificate = Make();

    /// <returns>Full paths of a file with certificate and key, as HAProxy wants it and the others take it, and of one with the key.</returns>
    internal static (string Certificate, string Key) Write(Workspace workspace)
    {
        var key = Certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem() + "\n";
        return (
            workspace.Write("certificate.pem", Certificate.ExportCertificatePem() + "\n" + key),
            workspace.Write("key.pem", key)
        );
    }

    /// <summary>Takes this certificate, and no other.</summary>
    internal static HttpMessageHandler Trusting() =>
        new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions
            {
                RemoteCertificateValidationCallback = (_, certificate, _, _) =>
                    certificate?.GetRawCertData().AsSpan().SequenceEqual(Certificate.RawData) ?? false,
            },
        };

    private static X509Certificate2 Make()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=deploy.example.org", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }
}
