using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ThinDeployer.Listening;

namespace ThinDeployer.Server;

/// <summary>
/// The certificate that counts now. Its files are looked at again and again, since who renews one rewrites them or swaps links; one that
/// can't be used changes nothing.
/// </summary>
internal sealed partial class TlsCertificates(
    TlsFiles files,
    TlsIdentity first,
    TimeProvider time,
    ILogger<TlsCertificates> logger
) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan TroubleAgain = TimeSpan.FromDays(1);

    private readonly SemaphoreSlim _wish = new(0);
    private volatile Used _used = new(first);

    /// <summary>Looks now, and tells what came of it.</summary>
    internal void ReloadNow() => _wish.Release();

    /// <summary>For one handshake.</summary>
    /// <param name="refused">Told why a client's certificate does not do.</param>
    internal SslServerAuthenticationOptions Options(Action<string> refused)
    {
        var used = _used;
        var options = new SslServerAuthenticationOptions
        {
            ServerCertificateContext = used.Context,
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        };
        if (used.Identity.ClientAuthorities is { } authorities)
        {
            options.ClientCertificateRequired = true;
            // What was accepted once must not outlive its authority.
            options.AllowTlsResume = false;
            options.CertificateChainPolicy = PolicyOf(authorities);
            options.RemoteCertificateValidationCallback = (_, shown, chain, errors) =>
                IsGood(shown, chain, errors, refused);
        }

        return options;
    }

    public override void Dispose()
    {
        _wish.Dispose();
        base.Dispose();
    }

    /// <summary>Never throws: an exception would end the program.</summary>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var toldTrouble = Tell();
        string? toldMistake = null;
        TlsIdentity? last = null;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var isWanted = await _wish.WaitAsync(Pause, stoppingToken);
                var seen = TlsIdentity.Load(files, out var mistake, _used.Identity, last);
                if (seen is null)
                {
                    if (isWanted || mistake != toldMistake)
                    {
                        Log.Kept(logger, mistake);
                    }

                    (toldMistake, last) = (mistake, null);
                }
                else if (seen == _used.Identity)
                {
                    if (isWanted)
                    {
                        Log.Same(logger, seen.LastDay);
                    }

                    (toldMistake, last) = (null, null);
                }
                else if (isWanted || seen == last)
                {
                    // Nobody writes at it any more.
                    _used = new Used(seen);
                    Log.Changed(logger, seen.LastDay);
                    toldTrouble = Tell();
                    (toldMistake, last) = (null, null);
                }
                else
                {
                    last = seen;
                }

                toldTrouble = time.GetElapsedTime(toldTrouble) > TroubleAgain ? Tell() : toldTrouble;
            }
            catch (OperationCanceledException)
            {
                return;
            }
#pragma warning disable CA1031 // Whatever it is, what counts stays, and the next look may be better.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                if (toldMistake != exception.Message)
                {
                    Log.Kept(logger, exception.Message);
                }

                toldMistake = exception.Message;
                await Task.Delay(Pause, time, CancellationToken.None);
            }
        }
    }

    /// <returns>When.</returns>
    private long Tell()
    {
        if (_used.Identity.Trouble(time.GetUtcNow()) is { } trouble)
        {
            Log.Trouble(logger, trouble);
        }

        return time.GetTimestamp();
    }

    private static X509ChainPolicy PolicyOf(X509Certificate2Collection authorities)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            // A stranger's certificate must not make the server fetch what it names.
            DisableCertificateDownloads = true,
        };
        policy.CustomTrustStore.AddRange(authorities);
        policy.ApplicationPolicy.Add(new Oid("1.3.6.1.5.5.7.3.2", "clientAuth"));
        return policy;
    }

    private static bool IsGood(X509Certificate? shown, X509Chain? chain, SslPolicyErrors errors, Action<string> refused)
    {
        if (errors is SslPolicyErrors.None)
        {
            return true;
        }

        refused(
            shown is null
                ? "it shows no certificate, and --tls-client-ca demands one"
                : "its certificate is not accepted by --tls-client-ca: "
                    + string.Join(", ", (chain?.ChainStatus ?? []).Select(status => status.Status).Distinct())
        );
        return false;
    }

    private sealed class Used(TlsIdentity identity)
    {
        internal TlsIdentity Identity { get; } = identity;

        /// <summary>Nothing is fetched from anywhere for it.</summary>
        internal SslStreamCertificateContext Context { get; } =
            SslStreamCertificateContext.Create(identity.Certificate, identity.Chain, offline: true);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "The certificate was replaced; it is good until {LastDay}")]
        internal static partial void Changed(ILogger logger, string lastDay);

        [LoggerMessage(LogLevel.Information, "The certificate has not changed; it is good until {LastDay}")]
        internal static partial void Same(ILogger logger, string lastDay);

        [LoggerMessage(
            LogLevel.Warning,
            "The certificate stays as it was, because what there is now can't be used: {Reason}"
        )]
        internal static partial void Kept(ILogger logger, string reason);

        [LoggerMessage(LogLevel.Warning, "TLS: {Trouble}")]
        internal static partial void Trouble(ILogger logger, string trouble);
    }
}
