namespace ThinDeployer.Listening;

/// <summary>Where the server's certificate is, and what it asks of its clients. Full paths; at least one is not null.</summary>
/// <param name="Certificate">PEM, the certificate of the server first, then those that lead to its authority.</param>
/// <param name="Key">PEM, not encrypted.</param>
/// <param name="ClientAuthority">PEM, one or several authorities; null where clients need no certificate.</param>
public sealed record TlsFiles(string? Certificate, string? Key, string? ClientAuthority)
{
    internal IEnumerable<string> All => new[] { Certificate, Key, ClientAuthority }.OfType<string>();
}
