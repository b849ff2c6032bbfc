using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ThinDeployer.Broker;

/// <summary>Whom a broker's certificate is believed from: the authorities of a file, or the system's. It is always checked.</summary>
internal sealed class BrokerTrust
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    private readonly X509Certificate2Collection? _authorities;
    private readonly string _named;
    private volatile string? _refusal;

    /// <param name="authorityFile">PEM; null for the system's authorities.</param>
    /// <exception cref="FormatException">The file is not to be read, or holds no certificate.</exception>
    internal BrokerTrust(string? authorityFile)
    {
        _named = authorityFile is null
            ? "an authority that this system trusts (see --broker-ca)"
            : $"one of {authorityFile}";
        if (authorityFile is null)
        {
            return;
        }

        _authorities = [];
        try
        {
            _authorities.ImportFromPemFile(authorityFile);
        }
        catch (Exception exception)
            when (exception is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new FormatException($"--broker-ca {authorityFile}: {exception.Message}", exception);
        }

        if (_authorities.Count == 0)
        {
            throw new FormatException($"--broker-ca {authorityFile}: there is no certificate in it");
        }
    }

    /// <summary>Why the last one was refused; null where none was.</summary>
    internal string? Refusal => _refusal;

    internal bool Accepts(X509Certificate? shown, X509Chain? chain, SslPolicyErrors errors)
    {
        _refusal = RefusalOf(shown, chain, errors);
        return _refusal is null;
    }

    private string? RefusalOf(X509Certificate? shown, X509Chain? chain, SslPolicyErrors errors)
    {
        if (shown is not X509Certificate2 certificate)
        {
            return "it shows no certificate";
        }

        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
        {
            return "its certificate is for another name";
        }

        if (_authorities is null)
        {
            return errors is SslPolicyErrors.None ? null : NotSignedBy(chain);
        }

        using var own = new X509Chain { ChainPolicy = PolicyOf(_authorities) };
        foreach (var between in chain?.ChainElements ?? Enumerable.Empty<X509ChainElement>())
        {
            own.ChainPolicy.ExtraStore.Add(between.Certificate);
        }

        return own.Build(certificate) ? null : NotSignedBy(own);
    }

    private string NotSignedBy(X509Chain? chain) =>
        $"its certificate is not signed by {_named}, or not valid now: "
        + string.Join(", ", (chain?.ChainStatus ?? []).Select(status => status.Status).Distinct());

    private static X509ChainPolicy PolicyOf(X509Certificate2Collection authorities)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            // A stranger's certificate must not make us fetch what it names.
            DisableCertificateDownloads = true,
        };
        policy.CustomTrustStore.AddRange(authorities);
        policy.ApplicationPolicy.Add(new Oid(ServerAuthentication, "serverAuth"));
        return policy;
    }
}
