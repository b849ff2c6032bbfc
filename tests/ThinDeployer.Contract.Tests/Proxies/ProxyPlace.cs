namespace ThinDeployer.Contract.Tests.Proxies;

/// <summary>Where a proxy of a test is, and what it stands before.</summary>
/// <param name="Server">Host and port of the server behind it, or its Unix socket by the proxy's own spelling.</param>
/// <param name="Plain">Host and port on which it speaks HTTP, which no document shows.</param>
/// <param name="Tls">Host and port on which it ends TLS.</param>
/// <param name="Folder">Its own.</param>
/// <param name="Certificate">Full path of a file with certificate and key.</param>
/// <param name="Key">Full path of a file with the key.</param>
internal sealed record ProxyPlace(
    string Server,
    string Plain,
    string Tls,
    string Folder,
    string Certificate,
    string Key
);
