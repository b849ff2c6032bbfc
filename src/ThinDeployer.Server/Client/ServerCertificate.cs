using System.Globalization;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace ThinDeployer.Server.Client;

/// <summary>Judges a server's certificate as the system does, and remembers in words what is wrong with it.</summary>
internal sealed class ServerCertificate
{
    /// <summary>Names of a certificate that are told.</summary>
    private const int ToldNames = 5;

    /// <summary>Null as long as nothing is.</summary>
    internal string? Fault { get; private set; }

    internal bool IsGood(object sender, X509Certificate? shown, X509Chain? chain, SslPolicyErrors errors)
    {
        Fault =
            errors is SslPolicyErrors.None ? null : TerminalText.Safe(Told(shown as X509Certificate2, chain, errors));
        return Fault is null;
    }

    private static string Told(X509Certificate2? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (certificate is null)
        {
            return "it shows no certificate";
        }

        List<string> faults = [];
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
        {
            faults.Add($"its certificate is for {string.Join(", ", Names(certificate))}, and not for this name");
        }

        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors))
        {
            faults.AddRange((chain?.ChainStatus ?? []).Select(status => Told(certificate, status)).Distinct());
        }

        return string.Join("; ", faults);
    }

    private static string Told(X509Certificate2 certificate, X509ChainStatus status) =>
        status.Status switch
        {
            X509ChainStatusFlags.NotTimeValid => OutOfTime(certificate),
            X509ChainStatusFlags.UntrustedRoot when certificate.Subject == certificate.Issuer =>
                $"its certificate is signed by itself, and this machine does not trust it; {Cure}",
            X509ChainStatusFlags.UntrustedRoot =>
                $"its certificate is signed by {certificate.Issuer}, whom this machine does not trust; {Cure}",
            X509ChainStatusFlags.PartialChain =>
                $"its certificate is signed by {certificate.Issuer}, whom this machine does not know; let the server send the "
                    + $"whole chain, or {Cure}",
            X509ChainStatusFlags.Revoked => "its certificate was revoked",
            _ => $"its certificate is not good: {status.StatusInformation.TrimEnd('.', '\n')}",
        };

    private const string Cure = "name a file with the right authority in SSL_CERT_FILE";

    private static string OutOfTime(X509Certificate2 certificate)
    {
        var now = TimeProvider.System.GetUtcNow();
        var (begin, end) = (new DateTimeOffset(certificate.NotBefore), new DateTimeOffset(certificate.NotAfter));
        return end < now ? $"its certificate expired on {Day(end)}"
            : begin > now ? $"its certificate is not valid before {Day(begin)}; is the clock of this machine right?"
            : "the certificate of who signed its certificate is out of date";
    }

    private static string Day(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static List<string> Names(X509Certificate2 certificate)
    {
        var names = certificate
            .Extensions.OfType<X509SubjectAlternativeNameExtension>()
            .SelectMany(san =>
                san.EnumerateDnsNames().Concat(san.EnumerateIPAddresses().Select(address => address.ToString()))
            )
            .Take(ToldNames)
            .ToList();
        return names.Count > 0 ? names : [certificate.Subject];
    }
}
