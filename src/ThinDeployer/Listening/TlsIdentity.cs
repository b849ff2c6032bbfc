using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using ThinDeployer.Yaml;

namespace ThinDeployer.Listening;

/// <summary>A certificate with its key, and the authorities of clients, as the files had them at one moment.</summary>
public sealed class TlsIdentity
{
    private static readonly TimeSpan SoonAtMost = TimeSpan.FromDays(14);

    /// <summary>Of its life; short-lived certificates are renewed when a third or less is left.</summary>
    private const int SoonPart = 5;

    private readonly byte[][] _texts;

    private TlsIdentity(
        X509Certificate2 certificate,
        X509Certificate2Collection chain,
        X509Certificate2Collection? clientAuthorities,
        byte[][] texts
    )
    {
        Certificate = certificate;
        Chain = chain;
        ClientAuthorities = clientAuthorities;
        _texts = texts;
    }

    /// <summary>With its key.</summary>
    public X509Certificate2 Certificate { get; }

    /// <summary>All that stand in its file.</summary>
    public X509Certificate2Collection Chain { get; }

    /// <summary>Who may sign a client's certificate; null where none is asked for.</summary>
    public X509Certificate2Collection? ClientAuthorities { get; }

    /// <summary>The day on which it expires, as 2026-12-31.</summary>
    public string LastDay => Day(End);

    private DateTimeOffset Begin => new(Certificate.NotBefore);

    private DateTimeOffset End => new(Certificate.NotAfter);

    /// <param name="files">Where.</param>
    /// <param name="mistake">Why there is none: a sentence without its end. Empty where there is one.</param>
    /// <param name="known">Of earlier looks: where the files have the same text, that one is given again.</param>
    /// <exception cref="IOException">No descriptor is free: that says nothing of the files.</exception>
    public static TlsIdentity? Load(TlsFiles files, out string mistake, params ReadOnlySpan<TlsIdentity?> known)
    {
        ArgumentNullException.ThrowIfNull(files);
        if (files is not { Certificate: { } certificateFile, Key: { } keyFile })
        {
            mistake = files switch
            {
                { Certificate: null, Key: null } => "--tls-client-ca needs --tls-certificate and --tls-key, too",
                { Certificate: null } => "--tls-key needs --tls-certificate, too",
                _ => "--tls-certificate needs --tls-key, too",
            };
            return null;
        }

        var texts = new List<byte[]>();
        foreach (var file in files.All)
        {
            if (SmallFile.Read(file, out mistake) is not { } text)
            {
                mistake = $"{Quote.Of(file)}: {mistake}";
                return null;
            }

            texts.Add(text);
        }

        foreach (var one in known)
        {
            if (one?._texts.Zip(texts).All(pair => pair.First.AsSpan().SequenceEqual(pair.Second)) == true)
            {
                mistake = "";
                return one;
            }
        }

        return Make(certificateFile, keyFile, files.ClientAuthority, [.. texts], out mistake);
    }

    /// <summary>Whether nobody accepts it any more, or yet.</summary>
    /// <param name="now">The moment.</param>
    public bool IsOutOfTime(DateTimeOffset now) => now >= End || now < Begin;

    /// <summary>What an operator should know of its time, a sentence without its end; null for nothing.</summary>
    /// <param name="now">The moment.</param>
    public string? Trouble(DateTimeOffset now)
    {
        var soon = TimeSpan.FromTicks(Math.Min(SoonAtMost.Ticks, (End - Begin).Ticks / SoonPart));
        return now >= End ? $"the certificate expired on {LastDay}"
            : now < Begin ? $"the certificate is not valid before {Day(Begin)}"
            : End - now < soon ? $"the certificate expires on {LastDay}"
            : null;
    }

    private static TlsIdentity? Make(
        string certificateFile,
        string keyFile,
        string? authorityFile,
        byte[][] texts,
        out string mistake
    )
    {
        X509Certificate2Collection? authorities = null;
        if (
            CertificatesIn(certificateFile, texts[0], out mistake) is not { } chain
            || (
                authorityFile is not null
                && (authorities = CertificatesIn(authorityFile, texts[2], out mistake)) is null
            )
        )
        {
            return null;
        }

        var key = Encoding.Latin1.GetString(texts[1]);
        if (MistakeIn(key) is { } inKey)
        {
            mistake = $"{Quote.Of(keyFile)} {inKey}";
            return null;
        }

        try
        {
            var certificate = X509Certificate2.CreateFromPem(Encoding.Latin1.GetString(texts[0]), key);
            return new TlsIdentity(certificate, chain, authorities, texts);
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            // Of an elliptic curve, the framework tells by the second that it does not fit.
            mistake = $"{Quote.Of(keyFile)} is not the key of the first certificate in {Quote.Of(certificateFile)}";
            return null;
        }
    }

    private static X509Certificate2Collection? CertificatesIn(string file, byte[] text, out string mistake)
    {
        var certificates = new X509Certificate2Collection();
        mistake = "";
        try
        {
            certificates.ImportFromPem(Encoding.Latin1.GetString(text));
        }
        catch (CryptographicException)
        {
            mistake = $"{Quote.Of(file)} holds a certificate that can't be read";
            return null;
        }

        if (certificates.Count > 0)
        {
            return certificates;
        }

        mistake = $"{Quote.Of(file)} holds no certificate in PEM (\"-----BEGIN CERTIFICATE-----\")";
        return null;
    }

    /// <summary>The end of a sentence; null for a key that may be one.</summary>
    private static string? MistakeIn(string key) =>
        key.Contains("-----BEGIN ENCRYPTED PRIVATE KEY-----", StringComparison.Ordinal)
        || key.Contains("Proc-Type: 4,ENCRYPTED", StringComparison.Ordinal)
            ? "is encrypted: the server can't ask for its password, so let \"openssl pkey -in FILE -out OTHER\" write it without"
        : key.Contains("PRIVATE KEY-----", StringComparison.Ordinal) ? null
        : "holds no private key in PEM (\"-----BEGIN PRIVATE KEY-----\")";

    private static string Day(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
