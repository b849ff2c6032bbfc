using ThinDeployer.Listening;

namespace ThinDeployer.Configuration;

/// <summary>Where to listen; of no use to a host that knows it by itself.</summary>
public sealed record ListenSettings
{
    private ListenSettings(IReadOnlyList<ListenAddress> addresses, TlsFiles? tls, bool isAsked) =>
        (Addresses, Tls, IsAsked) = (addresses, tls, isAsked);

    /// <summary>At least one; each has its port.</summary>
    public IReadOnlyList<ListenAddress> Addresses { get; }

    /// <summary>For all addresses but Unix sockets; null for plain HTTP.</summary>
    public TlsFiles? Tls { get; }

    /// <summary>Whether somebody wants it, and it is not only the default.</summary>
    public bool IsAsked { get; }

    internal static ListenSettings Read(SettingsSource source)
    {
        var port = source.Of(Switches.Port);
        IReadOnlyList<ListenAddress> addresses = [.. source.Of(Switches.Listen).Select(WithPort)];
        var tls = ReadTls(source);
        var isAsked = source.Has(Switches.Port) || source.Has(Switches.Listen);
        if (MistakeIn(addresses) is not { } mistake)
        {
            return new ListenSettings(addresses, tls, isAsked);
        }

        source.Refuse(Switches.Listen, mistake);
        return new ListenSettings([.. Switches.Listen.ByDefault.Select(WithPort)], tls, isAsked);

        ListenAddress WithPort(ListenAddress address) =>
            address is ListenAddress.Tcp { Port: null } tcp ? tcp with { Port = port } : address;
    }

    private static TlsFiles? ReadTls(SettingsSource source)
    {
        var files = new TlsFiles(
            source.Of(Switches.TlsCertificate),
            source.Of(Switches.TlsKey),
            source.Of(Switches.TlsClientAuthority)
        );
        return files is { Certificate: null, Key: null, ClientAuthority: null } ? null : files;
    }

    /// <summary>The end of a sentence; null for none.</summary>
    private static string? MistakeIn(IReadOnlyList<ListenAddress> addresses)
    {
        foreach (var socket in addresses.OfType<ListenAddress.Unix>())
        {
            if (socket.Length > ListenAddress.Unix.LongestPath)
            {
                return $"must name sockets by at most {ListenAddress.Unix.LongestPath} bytes; {socket} has {socket.Length}";
            }
        }

        var twice = addresses
            .Where(address => address is not ListenAddress.Tcp { Port: 0 })
            .GroupBy(address => address.ToString(), StringComparer.Ordinal)
            .FirstOrDefault(same => same.Skip(1).Any());
        return twice is null ? null : $"must name each address once; {twice.Key} is there twice";
    }
}
