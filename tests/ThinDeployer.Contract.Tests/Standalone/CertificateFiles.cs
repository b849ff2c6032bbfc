using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ThinDeployer.Contract.Tests.Hosting;

namespace ThinDeployer.Contract.Tests.Standalone;

/// <summary>Makes certificates, and writes them as PEM.</summary>
internal static class CertificateFiles
{
    private const string ForClients = "1.3.6.1.5.5.7.3.2";

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    /// <summary>For 127.0.0.1, signed by itself.</summary>
    /// <param name="daysBefore">That it is good already.</param>
    /// <param name="daysLeft">That it stays good.</param>
    internal static X509Certificate2 Make(int daysBefore = 30, int daysLeft = 60)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        return request.CreateSelfSigned(Now.AddDays(-daysBefore), Now.AddDays(daysLeft));
    }

    internal static X509Certificate2 MakeAuthority(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, critical: true));
        return request.CreateSelfSigned(Now.AddDays(-30), Now.AddDays(60));
    }

    /// <summary>With its key, where a client can use it.</summary>
    internal static X509Certificate2 MakeClient(X509Certificate2 authority, string purpose = ForClients)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=client", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(purpose)], critical: false));
        using var signed = request.Create(authority, Now.AddDays(-1), Now.AddDays(30), [1, 2, 3, 4]);
        using var whole = signed.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(whole.Export(X509ContentType.Pkcs12), password: null);
    }

    /// <summary>With its key.</summary>
    /// <param name="authority">Signs it.</param>
    /// <param name="address">For which it is good.</param>
    internal static X509Certificate2 MakeServer(X509Certificate2 authority, IPAddress address)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=server", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(address);
        request.CertificateExtensions.Add(names.Build());
        using var signed = request.Create(authority, Now.AddDays(-1), Now.AddDays(30), [1, 2, 3, 5]);
        return signed.CopyWithPrivateKey(key);
    }

    /// <summary>With it a program trusts this authority, and no other.</summary>
    internal static Dictionary<string, string> Trusting(Workspace workspace, X509Certificate2 authority) =>
        new()
        {
            ["SSL_CERT_FILE"] = workspace.Write("trusted.pem", authority.ExportCertificatePem()),
            ["SSL_CERT_DIR"] = workspace.Folder("none"),
        };

    /// <summary>Writes <c>cert.pem</c> and <c>key.pem</c>.</summary>
    internal static void Write(Workspace workspace, X509Certificate2 certificate)
    {
        WriteCertificate(workspace, certificate);
        WriteKey(workspace, certificate);
    }

    internal static void WriteCertificate(Workspace workspace, X509Certificate2 certificate) =>
        workspace.Write("cert.pem", certificate.ExportCertificatePem());

    internal static void WriteKey(Workspace workspace, X509Certificate2 certificate) =>
        workspace.Write("key.pem", KeyOf(certificate).ExportPkcs8PrivateKeyPem());

    internal static ECDsa KeyOf(X509Certificate2 certificate) => certificate.GetECDsaPrivateKey()!;
}
