using Microsoft.AspNetCore.Http;
using ThinDeployer.Configuration;
using ThinDeployer.Security;

namespace ThinDeployer.Http;

/// <summary>Who may see, stop and repeat the deployments of some services, or of all.</summary>
internal sealed class Viewer
{
    /// <summary>Of one token, in a line of the log.</summary>
    private const int MaximumNames = 3;

    private readonly Dictionary<string, Admission> _own;
    private readonly Func<string, Admission?> _asAdmin;

    /// <param name="own">By service.</param>
    /// <param name="asAdmin">Null for any service, unless it is the admin.</param>
    /// <param name="canBeGuessed">See there.</param>
    private Viewer(Dictionary<string, Admission> own, Func<string, Admission?> asAdmin, bool canBeGuessed)
    {
        _own = own;
        _asAdmin = asAdmin;
        CanBeGuessed = canBeGuessed;
    }

    internal bool IsAdmin => AdmissionTo("") is not null;

    /// <summary>What the log calls its token: it may have another name in each service.</summary>
    internal string Credential =>
        AdmissionTo("")?.Credential
        ?? string.Join(", ", _own.Values.Select(own => own.Credential).Distinct().Take(MaximumNames));

    /// <summary>Null for all.</summary>
    internal IReadOnlyCollection<string>? AllServices => IsAdmin ? null : _own.Keys;

    /// <summary>False when one of those that the token opens has no short one.</summary>
    internal bool CanBeGuessed { get; }

    /// <summary>Who has sent a request; null for who may see nothing.</summary>
    internal static Viewer? Of(
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
        var isAdmin = Admission.ByAnyToken("", admin, offered) is not null;
        var canBeGuessed = !isAdmin || adminToken!.CanBeGuessed;
        var own = new Dictionary<string, Admission>(StringComparer.Ordinal);
        foreach (var service in services)
        {
            if (Admit(service, headers, query, offered) is { } admission)
            {
                own.Add(service.Name, admission);
                canBeGuessed &= service.Credentials.CanBeGuessed;
            }
        }

        return isAdmin || own.Count > 0
            ? new Viewer(own, service => Admission.ByAnyToken(service, admin, offered), canBeGuessed)
            : null;
    }

    internal bool MaySee(string service) => AdmissionTo(service) is not null;

    /// <summary>Null for what is not the viewer's own.</summary>
    internal Admission? AdmissionTo(string service) => _own.GetValueOrDefault(service) ?? _asAdmin(service);

    private static Admission? Admit(
        ServiceConfiguration service,
        IHeaderDictionary headers,
        ArgumentCollection query,
        List<byte[]> offered
    )
    {
        var own = service.Credentials.TokenHeader is { } further ? OfferedTokens.Of(headers, query, further) : offered;
        return own is null ? null : Admission.ByAnyToken(service.Name, service.Credentials.Tokens, own);
    }
}
