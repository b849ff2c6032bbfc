using ThinDeployer.Identities;
using ThinDeployer.Yaml;

namespace ThinDeployer.Security;

/// <summary>Reads a service's <c>token</c>, <c>token_file</c>, <c>token_header</c>, <c>signature</c> and <c>identity</c>.</summary>
internal static class CredentialsReader
{
    private static readonly string[] Keys = ["token", "token_file", "signature", "identity"];

    internal static Credentials Read(MapReader service)
    {
        var credentials = new Credentials(
            TokenSetReader.Read(service),
            SignatureReader.Read(service),
            TokenHeader(service)
        )
        {
            Identities = IdentityReader.Read(service),
        };
        if (!Array.Exists(Keys, service.Has))
        {
            service.Context.Mistake(
                service.Place,
                "no credential, so nobody could deploy it; give \"token\", \"token_file\", \"signature\" or \"identity\""
            );
        }

        return credentials;
    }

    private static string? TokenHeader(MapReader service)
    {
        if (HeaderName.Read(service, "token_header") is not { } name)
        {
            return null;
        }

        if (!service.Has("token") && !service.Has("token_file"))
        {
            service.Context.Mistake(
                service.Node("token_header")!.Place,
                "\"token_header\" carries a token, and there is none; give \"token\" or \"token_file\""
            );
        }

        return name;
    }
}
