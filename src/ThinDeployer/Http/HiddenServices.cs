using System.Security.Cryptography;
using ThinDeployer.Security;

namespace ThinDeployer.Http;

/// <summary>What stands in for the service that is not there, with <c>--hide-services</c>.</summary>
internal static class HiddenServices
{
    /// <summary>Compared as a known service's token is. Nobody has it: it is forgotten as soon as it is made.</summary>
    internal static Credentials Decoy { get; } =
        new(
            new TokenSet([
                Token.Parse(name: null, Convert.ToHexString(RandomNumberGenerator.GetBytes(SHA256.HashSizeInBytes)))!,
            ]),
            Signature: null,
            TokenHeader: null
        );
}
