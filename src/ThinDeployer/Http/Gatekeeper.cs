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

        if (Admit(service.Name, service.Tokens, offered) is { } admission)
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

        var admin = new TokenSet(adminToken is null ? [] : [adminToken with { Name = "admin" }]);
        var own = services.Select(service => Admit(service.Name, service.Tokens, offered)).OfType<Admission>();
        var viewer = new Viewer(
            own.ToDictionary(admission => admission.Service, StringComparer.Ordinal),
            service => Admit(service, admin, offered)
        );
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

        return
            request.Form is { TokenCount: 1, Token: { } token }
            && Admit(service.Name, service.Tokens, [token]) is { } admission
            ? new GateAnswer.Admitted(admission)
            : new GateAnswer.Refused();
    }

    private static Admission? Admit(string service, TokenSet tokens, IReadOnlyList<byte[]> offered) =>
        offered
            .Select(token => Admission.ByToken(service, tokens, token))
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

/// <summary>Who may see, stop and repeat the deployments of some services, or of all.</summary>
internal sealed class Viewer
{
    private readonly Dictionary<string, Admission> _own;
    private readonly Func<string, Admission?> _asAdmin;

    /// <param name="own">By service.</param>
    /// <param name="asAdmin">Null for any service, unless it is the admin.</param>
    internal Viewer(Dictionary<string, Admission> own, Func<string, Admission?> asAdmin)
    {
        _own = own;
        _asAdmin = asAdmin;
    }

    internal bool IsAdmin => AdmissionTo("") is not null;

    internal IReadOnlyCollection<string> Services => _own.Keys;

    internal bool MaySee(string service) => AdmissionTo(service) is not null;

    /// <summary>Null for what is not the viewer's own.</summary>
    internal Admission? AdmissionTo(string service) => _own.GetValueOrDefault(service) ?? _asAdmin(service);
}
