using System.Net;
using ThinDeployer.Addresses;
using ThinDeployer.Configuration;
using ThinDeployer.Security;

namespace ThinDeployer.Http;

/// <summary>
/// Counts what each address has open: an IPv4 address, or a /64 of IPv6. A proxy that was declared one is not counted, since it speaks for many.
/// </summary>
public sealed class AddressCrowd
{
    private readonly NetworkList _trusted;
    private readonly Lock _lock = new();
    private readonly Dictionary<FailureKey, int> _counts = [];

    internal AddressCrowd(NetworkList trusted, int most)
    {
        _trusted = trusted;
        Most = most;
    }

    /// <summary>What one address may have.</summary>
    public int Most { get; }

    /// <param name="settings">Which name the proxies.</param>
    /// <param name="most">What one address may have.</param>
    public static AddressCrowd Within(HttpSettings settings, int most)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return new AddressCrowd(settings.TrustedProxies, most);
    }

    /// <summary>False, and nothing counted, when it has as many as it may.</summary>
    /// <param name="address">Null where it came by a Unix socket.</param>
    public bool TryEnter(IPAddress? address)
    {
        if (IsTrusted(address))
        {
            return true;
        }

        var key = FailureKey.Of(address);
        lock (_lock)
        {
            var count = _counts.GetValueOrDefault(key);
            if (count == Most)
            {
                return false;
            }

            _counts[key] = count + 1;
            return true;
        }
    }

    /// <summary>Once for each that has entered.</summary>
    public void Leave(IPAddress? address)
    {
        if (IsTrusted(address))
        {
            return;
        }

        var key = FailureKey.Of(address);
        lock (_lock)
        {
            if (--_counts[key] == 0)
            {
                _counts.Remove(key);
            }
        }
    }

    private bool IsTrusted(IPAddress? address) => address is null ? _trusted.HasSockets : _trusted.Contains(address);
}
