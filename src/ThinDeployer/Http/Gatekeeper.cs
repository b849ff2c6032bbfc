using Microsoft.AspNetCore.Http;
using ThinDeployer.Configuration;
using ThinDeployer.Security;

namespace ThinDeployer.Http;

/// <summary>
/// Decides who may deploy a service, and who may see what. A signature that is there must be right; without one, a token in
/// the head decides alone, and only if none there admits, the body is read for a token in a form.
/// </summary>
internal sealed class Gatekeeper(TimeProvider time)
{
    /// <summary>What who is not let in is told, to the letter of the original.</summary>
    internal const string InvalidToken =
        "Invalid auth token, please verify the X-Auth-Token header value or \"token\" query parameter";

    /// <exception cref="IOException">The client went away.</exception>
    internal Task<GateAnswer> DecideAsync(
        ServiceConfiguration service,
        DeployRequest request,
        CancellationToken cancellationToken
    )
    {
        var signature = service.Credentials.Signature;
        var claim = signature?.Scheme.Read(name => Values(request.Headers, name), time.GetUtcNow());
        return claim is null or SignatureClaim.Absent
            ? DecideByTokenAsync(service, request, cancellationToken)
            : DecideBySignatureAsync(service.Name, signature!, claim, request, cancellationToken);
    }

    /// <summary>Null for who may see nothing.</summary>
    internal static Viewer? ViewerOf(
        IHeaderDictionary headers,
        ArgumentCollection query,
        Token? adminToken,
        IEnumerable<ServiceConfiguration> services
    )
    {
        if (OfferedTokens.Of(headers, query, tokenHeader: null) is not { } offered)
        {
            return null;
        }

        var admin = new TokenSet(adminToken is null ? [] : [adminToken with { Name = "admin" }]);
        var own = services.Select(service => AdmitViewer(service, headers, query, offered)).OfType<Admission>();
        var viewer = new Viewer(
            own.ToDictionary(admission => admission.Service, StringComparer.Ordinal),
            service => Admit(service, admin, offered)
        );
        return viewer.IsAdmin || viewer.Services.Count > 0 ? viewer : null;
    }

    private static Admission? AdmitViewer(
        ServiceConfiguration service,
        IHeaderDictionary headers,
        ArgumentCollection query,
        List<byte[]> offered
    )
    {
        var own = service.Credentials.TokenHeader is { } further ? OfferedTokens.Of(headers, query, further) : offered;
        return own is null ? null : Admit(service.Name, service.Credentials.Tokens, own);
    }

    private static async Task<GateAnswer> DecideBySignatureAsync(
        string service,
        SenderSignature signature,
        SignatureClaim claim,
        DeployRequest request,
        CancellationToken cancellationToken
    )
    {
        if (claim is SignatureClaim.Refused(var reason))
        {
            return new GateAnswer.Refused(reason);
        }

        if (claim is SignatureClaim.OverBody && !await request.ReadBodyAsync(cancellationToken))
        {
            return new GateAnswer.BodyTooLarge();
        }

        return Admission.BySignature(service, signature, claim, request.Body) is { } admission
            ? new GateAnswer.Admitted(admission)
            : new GateAnswer.Refused(RefusalReason.SignatureMismatch);
    }

    private static async Task<GateAnswer> DecideByTokenAsync(
        ServiceConfiguration service,
        DeployRequest request,
        CancellationToken cancellationToken
    )
    {
        var (tokens, _, tokenHeader) = service.Credentials;
        if (OfferedTokens.Of(request.Headers, request.Query, tokenHeader) is not { } offered)
        {
            return new GateAnswer.Refused(RefusalReason.TokenTwice);
        }

        if (Admit(service.Name, tokens, offered) is { } admission)
        {
            return new GateAnswer.Admitted(admission);
        }

        if (tokens.Tokens.Count == 0)
        {
            return new GateAnswer.Refused(RefusalReason.SignatureMissing);
        }

        return request.HasForm
            ? await DecideByFormAsync(service, request, offered.Count > 0, cancellationToken)
            : Refused(offered.Count > 0);
    }

    private static async Task<GateAnswer> DecideByFormAsync(
        ServiceConfiguration service,
        DeployRequest request,
        bool hasOffered,
        CancellationToken cancellationToken
    )
    {
        if (!await request.ReadBodyAsync(cancellationToken))
        {
            return new GateAnswer.BodyTooLarge();
        }

        if (request.Form.TokenCount > 1)
        {
            return new GateAnswer.Refused(RefusalReason.TokenTwice);
        }

        return
            request.Form.Token is { } token && Admit(service.Name, service.Credentials.Tokens, [token]) is { } admission
            ? new GateAnswer.Admitted(admission)
            : Refused(hasOffered || request.Form.TokenCount > 0);
    }

    private static GateAnswer.Refused Refused(bool hasOffered) =>
        new(hasOffered ? RefusalReason.TokenMismatch : RefusalReason.TokenMissing);

    private static Admission? Admit(string service, TokenSet tokens, IReadOnlyList<byte[]> offered) =>
        offered
            .Select(token => Admission.ByToken(service, tokens, token))
            .FirstOrDefault(admission => admission is not null);

    private static IReadOnlyList<string> Values(IHeaderDictionary headers, string name) =>
        headers.TryGetValue(name, out var values) ? [.. values.Select(value => value ?? "")] : [];
}

/// <summary>What the gatekeeper said.</summary>
internal abstract record GateAnswer
{
    private GateAnswer() { }

    internal sealed record Admitted(Admission Admission) : GateAnswer;

    /// <param name="Reason">One of <see cref="RefusalReason"/>, for the log.</param>
    internal sealed record Refused(string Reason) : GateAnswer;

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
