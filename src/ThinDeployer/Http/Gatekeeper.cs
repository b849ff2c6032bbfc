using Microsoft.AspNetCore.Http;
using ThinDeployer.Configuration;
using ThinDeployer.Security;

namespace ThinDeployer.Http;

/// <summary>
/// Decides who may deploy a service, and who may see what. What stands in the head decides alone; only if nothing there
/// admits to a deploy, the body is read for a token in a form.
/// </summary>
internal static class Gatekeeper
{
    /// <summary>What who is not let in is told, to the letter of the original.</summary>
    internal const string InvalidToken =
        "Invalid auth token, please verify the X-Auth-Token header value or \"token\" query parameter";

    /// <exception cref="IOException">The client went away.</exception>
    internal static async Task<GateAnswer> DecideAsync(
        ServiceConfiguration service,
        DeployRequest request,
        CancellationToken cancellationToken
    )
    {
        if (OfferedTokens.Of(request.Headers, request.Query) is not { } offered)
        {
            return new GateAnswer.Refused();
        }

        if (Admit(service, offered) is { } admission)
        {
            return new GateAnswer.Admitted(admission);
        }

        return request.HasForm
            ? await DecideByFormAsync(service, request, cancellationToken)
            : new GateAnswer.Refused();
    }

    /// <summary>Null for who may see nothing.</summary>
    internal static Viewer? ViewerOf(
        IHeaderDictionary headers,
        ArgumentCollection query,
        Token? adminToken,
        IEnumerable<ServiceConfiguration> services
    )
    {
        if (OfferedTokens.Of(headers, query) is not { Count: > 0 } offered)
        {
            return null;
        }

        var admin = new TokenSet(adminToken is null ? [] : [adminToken]);
        var isAdmin = offered.Any(token => admin.Find(token) is not null);
        var own = services.Where(service => Admit(service, offered) is not null).Select(service => service.Name);
        var viewer = new Viewer(isAdmin, own.ToHashSet(StringComparer.Ordinal));
        return viewer.IsAdmin || viewer.Services.Count > 0 ? viewer : null;
    }

    private static async Task<GateAnswer> DecideByFormAsync(
        ServiceConfiguration service,
        DeployRequest request,
        CancellationToken cancellationToken
    )
    {
        if (!await request.ReadBodyAsync(cancellationToken))
        {
            return new GateAnswer.BodyTooLarge();
        }

        return request.Form is { TokenCount: 1, Token: { } token } && Admit(service, [token]) is { } admission
            ? new GateAnswer.Admitted(admission)
            : new GateAnswer.Refused();
    }

    private static Admission? Admit(ServiceConfiguration service, IReadOnlyList<byte[]> offered) =>
        offered
            .Select(token => Admission.ByToken(service.Name, service.Tokens, token))
            .FirstOrDefault(admission => admission is not null);
}

/// <summary>What the gatekeeper said.</summary>
internal abstract record GateAnswer
{
    private GateAnswer() { }

    internal sealed record Admitted(Admission Admission) : GateAnswer;

    internal sealed record Refused : GateAnswer;

    internal sealed record BodyTooLarge : GateAnswer;
}

/// <summary>Who may see the deployments of some services, or of all.</summary>
internal sealed record Viewer(bool IsAdmin, IReadOnlySet<string> Services)
{
    internal bool MaySee(string service) => IsAdmin || Services.Contains(service);
}
