using Microsoft.Extensions.Logging;

namespace ThinDeployer.Identities;

/// <summary>Finds out who offers an OpenID token. It knows only the issuers that are configured, and asks no other.</summary>
internal sealed class IdentityCheck(IssuerClient client, TimeProvider time, ILogger<IdentityCheck> logger) : IDisposable
{
    private readonly CancellationTokenSource _gone = new();
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Issuer> _issuers = new(StringComparer.Ordinal);

    /// <summary>The first that is proven; else why one is not, where an issuer that is configured is named.</summary>
    /// <param name="offered">Texts that may be tokens of any kind.</param>
    /// <param name="issuers">Those that are configured now.</param>
    /// <param name="cancellationToken">Ends the waiting for an issuer.</param>
    internal async ValueTask<(ProvenIdentity? Identity, IdentityRefusal? WhyNot)> ProveAsync(
        IEnumerable<string> offered,
        IReadOnlySet<string> issuers,
        CancellationToken cancellationToken
    )
    {
        IdentityRefusal? whyNot = null;
        foreach (var text in offered)
        {
            if (IdentityToken.Parse(text) is not { } token || !issuers.Contains(token.Issuer))
            {
                continue;
            }

            // What can't be right is not worth asking anybody.
            if (ProvenIdentity.WhyNever(token, time.GetUtcNow()) is { } never)
            {
                whyNot ??= never;
                continue;
            }

            var keys = await IssuerOf(token.Issuer, issuers).KeysForAsync(token, cancellationToken);
            if (keys.Count == 0)
            {
                whyNot ??= new IdentityRefusal(IdentityRefusal.NoKeys);
            }
            else if (ProvenIdentity.Prove(token, keys, time.GetUtcNow(), out var refusal) is { } identity)
            {
                return (identity, null);
            }
            else
            {
                whyNot ??= refusal;
            }
        }

        return (null, whyNot);
    }

    public void Dispose()
    {
        _gone.Cancel();
        _gone.Dispose();
    }

    private Issuer IssuerOf(string name, IReadOnlySet<string> issuers)
    {
        lock (_lock)
        {
            if (_issuers.TryGetValue(name, out var known))
            {
                return known;
            }

            foreach (var gone in _issuers.Keys.Where(one => !issuers.Contains(one)).ToList())
            {
                _issuers.Remove(gone);
            }

            return _issuers[name] = new Issuer(name, client, time, logger, _gone.Token);
        }
    }
}
