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

    private readonly string? _credential;

    private readonly Dictionary<string, Admission> _own;
    private readonly Func<string, Admission?> _asAdmin;
    private readonly bool _isViewer;

    /// <param name="own">By service.</param>
    /// <param name="asAdmin">Null for any service, unless it is the admin.</param>
    /// <param name="credential">What the log calls it; null for what its admissions are called.</param>
    /// <param name="isViewer">Whether it may see all, whatever else it may.</param>
    private Caller(
        Dictionary<string, Admission> own,
        Func<string, Admission?> asAdmin,
        string? credential = null,
        bool isViewer = false
    )
    {
        _own = own;
        _asAdmin = asAdmin;
        _credential = credential;
        _isViewer = isViewer;
    }

    /// <summary>May do all that can be done to a deployment, of any service.</summary>
    internal bool IsAdmin => AdmissionTo("") is not null;

    /// <summary>May see all services, those that are gone, too.</summary>
    internal bool SeesAll => _isViewer || IsAdmin;

    /// <summary>What the log calls its credential, never the credential itself: it may have another name in each service.</summary>
    internal string Credential =>
        _credential
        ?? AdmissionTo("")?.Credential
        ?? (_isViewer && _own.Count == 0 ? "viewer" : null)
        ?? string.Join(", ", _own.Values.Select(own => own.Credential).Distinct().Take(MaximumNames));

    /// <summary>What it may see; null for all.</summary>
    internal IReadOnlyCollection<string>? Services => SeesAll ? null : _own.Keys;

    /// <summary>Whether its credential could be found by trying: false when one of those that the token opens has no short one.</summary>
    internal bool CanBeGuessed { get; private init; } = true;

    internal bool MaySee(string service) => _isViewer || AdmissionTo(service) is not null;

    /// <summary>Null for who may not do this to it.</summary>
    internal Admission? AdmissionTo(string service, Rights right) => right == Rights.None ? null : AdmissionTo(service);

    /// <summary>Null for what it may at most see.</summary>
    internal Admission? AdmissionTo(string service) => _own.GetValueOrDefault(service) ?? _asAdmin(service);

    /// <summary>Who was let in to deploy one service.</summary>
    internal static Caller Of(Admission admission, bool canBeGuessed) =>
        new(new Dictionary<string, Admission>(1, StringComparer.Ordinal) { [admission.Service] = admission }, Nobody)
        {
            CanBeGuessed = canBeGuessed,
        };

    /// <summary>Who has the health token.</summary>
    internal static Caller Monitor(bool canBeGuessed) =>
        new(Nothing, Nobody, "HC_TOKEN") { CanBeGuessed = canBeGuessed };

    /// <summary>Who is on this machine, and sees the metrics only.</summary>
    internal static Caller OnLoopback { get; } = new(Nothing, Nobody, "loopback") { CanBeGuessed = false };

    /// <summary>Whose token opens the metrics; null for who may not see them.</summary>
    internal static Caller? OfMetrics(DoorKeys keys, List<byte[]> offered)
    {
        var admin = SetOf(keys.Admin, "admin");
        var metrics = SetOf(keys.Metrics, "metrics");
        var viewer = SetOf(keys.Viewer, "viewer");
        var isAdmin = Admission.ByAnyToken("", admin, offered) is not null;
        var isMetrics = Admission.ByAnyToken("", metrics, offered) is not null;
        var isViewer = Admission.ByAnyToken("", viewer, offered) is not null;
        return isMetrics ? new Caller(Nothing, Nobody, "metrics") { CanBeGuessed = keys.Metrics!.CanBeGuessed }
            : isAdmin ? new Caller(Nothing, Nobody, "admin") { CanBeGuessed = keys.Admin!.CanBeGuessed }
            : isViewer ? new Caller(Nothing, Nobody, "viewer") { CanBeGuessed = keys.Viewer!.CanBeGuessed }
            : null;
    }

    private static TokenSet SetOf(Token? token, string name) => new(token is null ? [] : [token with { Name = name }]);

    /// <summary>Whose tokens are in the head; null for who may see nothing.</summary>
    /// <param name="headers">Of the request.</param>
    /// <param name="query">Of the request.</param>
    /// <param name="offered">Found in them.</param>
    /// <param name="keys">Open something.</param>
    internal static Caller? Of(
        IHeaderDictionary headers,
        ArgumentCollection query,
        List<byte[]> offered,
        DoorKeys keys
    ) => Of(offered, keys, service => Admit(service, headers, query, offered));

    /// <summary>Whose token it is, wherever it was shown; null where it opens nothing any more.</summary>
    /// <param name="digest">Of the token.</param>
    /// <param name="keys">Open something.</param>
    internal static Caller? Of(byte[] digest, DoorKeys keys)
    {
        List<byte[]> offered = [digest];
        return Of(offered, keys, service => Admission.ByAnyToken(service.Name, service.Credentials.Tokens, offered));
    }

    private static Caller? Of(List<byte[]> offered, DoorKeys keys, Func<ServiceConfiguration, Admission?> admit)
    {
        var admin = SetOf(keys.Admin, "admin");
        var isAdmin = Admission.ByAnyToken("", admin, offered) is not null;
        var isViewer = Admission.ByAnyToken("", SetOf(keys.Viewer, "viewer"), offered) is not null;
        var canBeGuessed = (!isAdmin || keys.Admin!.CanBeGuessed) && (!isViewer || keys.Viewer!.CanBeGuessed);
        var own = new Dictionary<string, Admission>(StringComparer.Ordinal);
        foreach (var service in keys.Services())
        {
            if (admit(service) is { } admission)
            {
                own.Add(service.Name, admission);
                canBeGuessed &= service.Credentials.CanBeGuessed;
            }
        }

        return isAdmin || isViewer || own.Count > 0
            ? new Caller(own, service => Admission.ByAnyToken(service, admin, offered), isViewer: isViewer)
            {
                CanBeGuessed = canBeGuessed,
            }
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
