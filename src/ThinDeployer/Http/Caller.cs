using Microsoft.AspNetCore.Http;
using ThinDeployer.Configuration;
using ThinDeployer.Security;

namespace ThinDeployer.Http;

/// <summary>Who asks, once that is proven, and what he may do. Only the <see cref="Door"/> makes one.</summary>
internal sealed class Caller
{
    /// <summary>Of one token, in a line of the log.</summary>
    private const int MaximumNames = 3;

    private static readonly Dictionary<string, Admission> Nothing = [];

    private readonly Dictionary<string, Admission> _own;
    private readonly Func<string, Admission?> _asAdmin;

    /// <param name="own">By service.</param>
    /// <param name="asAdmin">Null for any service, unless it is the admin.</param>
    private Caller(Dictionary<string, Admission> own, Func<string, Admission?> asAdmin)
    {
        _own = own;
        _asAdmin = asAdmin;
    }

    /// <summary>May see all services, and what is done to their deployments.</summary>
    internal bool IsAdmin => AdmissionTo("") is not null;

    /// <summary>May see the health check, and nothing else.</summary>
    internal bool IsMonitor { get; private init; }

    /// <summary>What the log calls its credential, never the credential itself: it may have another name in each service.</summary>
    internal string Credential =>
        IsMonitor
            ? "HC_TOKEN"
            : AdmissionTo("")?.Credential
                ?? string.Join(", ", _own.Values.Select(own => own.Credential).Distinct().Take(MaximumNames));

    /// <summary>What it may see; null for all.</summary>
    internal IReadOnlyCollection<string>? Services => IsAdmin ? null : _own.Keys;

    /// <summary>Whether its credential could be found by trying: false when one of those that the token opens has no short one.</summary>
    internal bool CanBeGuessed { get; private init; } = true;

    internal bool MaySee(string service) => AdmissionTo(service) is not null;

    /// <summary>Null for what is not its own.</summary>
    internal Admission? AdmissionTo(string service) => _own.GetValueOrDefault(service) ?? _asAdmin(service);

    /// <summary>Who was let in to deploy one service.</summary>
    internal static Caller Of(Admission admission, bool canBeGuessed) =>
        new(new Dictionary<string, Admission>(1, StringComparer.Ordinal) { [admission.Service] = admission }, Nobody)
        {
            CanBeGuessed = canBeGuessed,
        };

    /// <summary>Who has the health token.</summary>
    internal static Caller Monitor(bool canBeGuessed) =>
        new(Nothing, Nobody) { IsMonitor = true, CanBeGuessed = canBeGuessed };

    /// <summary>Whose tokens are in the head; null for who may see nothing.</summary>
    /// <param name="headers">Of the request.</param>
    /// <param name="query">Of the request.</param>
    /// <param name="offered">Found in them.</param>
    /// <param name="keys">Open something.</param>
    internal static Caller? Of(IHeaderDictionary headers, ArgumentCollection query, List<byte[]> offered, DoorKeys keys)
    {
        var admin = new TokenSet(keys.Admin is null ? [] : [keys.Admin with { Name = "admin" }]);
        var isAdmin = Admission.ByAnyToken("", admin, offered) is not null;
        var canBeGuessed = !isAdmin || keys.Admin!.CanBeGuessed;
        var own = new Dictionary<string, Admission>(StringComparer.Ordinal);
        foreach (var service in keys.Services())
        {
            if (Admit(service, headers, query, offered) is { } admission)
            {
                own.Add(service.Name, admission);
                canBeGuessed &= service.Credentials.CanBeGuessed;
            }
        }

        return isAdmin || own.Count > 0
            ? new Caller(own, service => Admission.ByAnyToken(service, admin, offered)) { CanBeGuessed = canBeGuessed }
            : null;
    }

    private static Admission? Nobody(string service) => null;

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
