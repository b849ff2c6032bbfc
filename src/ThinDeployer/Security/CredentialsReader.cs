using ThinDeployer.Yaml;

namespace ThinDeployer.Security;

/// <summary>Reads a service's <c>token</c>, <c>token_file</c>, <c>token_header</c> and <c>signature</c>.</summary>
internal static class CredentialsReader
{
    internal static Credentials Read(MapReader service)
    {
        var credentials = new Credentials(
            TokenSetReader.Read(service),
            SignatureReader.Read(service),
            TokenHeader(service)
        );
        if (!service.Has("token") && !service.Has("token_file") && !service.Has("signature"))
        {
            service.Context.Mistake(
                service.Place,
                "no credential, so nobody could deploy it; give \"token\", \"token_file\" or \"signature\""
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
