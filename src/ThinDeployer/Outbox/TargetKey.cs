using System.Security.Cryptography;
using System.Text;

namespace ThinDeployer.Outbox;

/// <summary>Makes <see cref="IOutboxTarget.Key"/> of what names an address, secrets included.</summary>
internal static class TargetKey
{
    /// <summary>Hexadecimal digits.</summary>
    private const int Length = 32;

    internal static string Of(params ReadOnlySpan<string?> parts) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', parts))))[..Length];
}
