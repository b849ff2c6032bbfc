using Microsoft.AspNetCore.Http;
using ThinDeployer.Configuration;
using ThinDeployer.Identities;
using ThinDeployer.Security;

namespace ThinDeployer.Http;

/// <summary>Who asks, once that is proven, and what he may do. Only the <see cref="Door"/> makes one.</summary>
internal sealed class Caller
{
    /// <summary>Of one token, in a line of the log.</summary>
    private const int MaximumNames = 3;

    private static readonly Dictionary<string, IReadOnlyList<Admission>> Nothing = [];

    private readonly string? _credential;

    private readonly Dictionary<string, IReadOnlyList<Admission>> _own;
    private readonly Func<string, Admission?> _asAdmin;
    private readonly bool _isViewer;

    /// <param name="own">By service: one for each credential that is right.</param>
    /// <param name="asAdmin">Null for any service, unless it is the admin.</param>
    /// <param name="credential">What the log calls it; null for what its admissions are called.</param>
    /// <param name="isViewer">Whether it may see all, whatever else it may.</param>
    private Caller(
        Dictionary<string, IReadOnlyList<Admission>> own,
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
    internal bool IsAdmin => _asAdmin("") is not null;

    /// <summary>May see all services, those that are gone, too.</summary>
    internal bool SeesAll => _isViewer || IsAdmin;

    /// <summary>What the log calls its credential, never the credential itself: it may have another name in each service.</summary>
    internal string Credential =>
        _credential
        ?? _asAdmin("")?.Credential
        ?? (_isViewer && _own.Count == 0 ? "viewer" : null)
        ?? string.Join(
            ", ",
            _own.Values.SelectMany(own => own).Select(own => own.Credential).Distinct().Take(MaximumNames)
        );

    /// <summary>What it may see; null for all.</summary>
    internal IReadOnlyCollection<string>? Services =>
        SeesAll ? null : [.. _own.Where(own => Has(own.Value, Rights.Read)).Select(own => own.Key)];

    /// <summary>Whether its credential could be found by trying: false when one of those that the token opens has no short one.</summary>
    internal bool CanBeGuessed { get; private init; } = true;

    internal bool MaySee(string service) => May(service, Rights.Read);

    internal bool May(string service, Rights right) =>
        (_isViewer && right is Rights.Read) || AdmissionTo(service, right) is not null;

    /// <summary>Null for who may not do this to it.</summary>
    internal Admission? AdmissionTo(string service, Rights right) =>
        _own.GetValueOrDefault(service)?.FirstOrDefault(own => own.May(right))
        ?? (_asAdmin(service) is { } admin && admin.May(right) ? admin : null);

    /// <summary>Why it may not do this to a service; null where it may, or need not know that there is one.</summary>
    internal GateAnswer? WhyNot(string service, Rights right) =>
        May(service, right) ? null
        : _own.TryGetValue(service, out var own) ? new GateAnswer.Lacks(right, own[0].Credential)
        : _isViewer ? new GateAnswer.Refused(RefusalReason.MayOnlySee)
        : null;

    /// <summary>Tells of what lets it in to services of its own.</summary>
    /// <param name="uses">Null where nobody remembers it.</param>
    internal void TellUses(CredentialUses? uses)
    {
        foreach (var admission in _own.Values.SelectMany(own => own))
        {
            uses?.Note(admission);
        }
    }

    private static bool Has(IReadOnlyList<Admission> admissions, Rights right) =>
        admissions.Any(admission => admission.May(right));

    /// <summary>Who was let in to deploy one service.</summary>
    internal static Caller Of(Admission admission, bool canBeGuessed) =>
        new(new(1, StringComparer.Ordinal) { [admission.Service] = [admission] }, Nobody)
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
        var isAdmin = Opens(keys.Admin, offered);
        var isMetrics = Opens(keys.Metrics, offered);
        var isViewer = Opens(keys.Viewer, offered);
        return isMetrics ? new Caller(Nothing, Nobody, "metrics") { CanBeGuessed = keys.Metrics!.CanBeGuessed }
            : isAdmin ? new Caller(Nothing, Nobody, "admin") { CanBeGuessed = keys.Admin!.CanBeGuessed }
            : isViewer ? new Caller(Nothing, Nobody, "viewer") { CanBeGuessed = keys.Viewer!.CanBeGuessed }
            : null;
    }

    private static bool Opens(Token? key, List<byte[]> offered) =>
        key is not null && offered.Exists(digest => new TokenSet([key]).Find(digest).Count > 0);

    /// <summary>Whose tokens are in the head; null for who may see nothing.</summary>
    /// <param name="headers">Of the request.</param>
    /// <param name="query">Of the request.</param>
    /// <param name="offered">Found in them.</param>
    /// <param name="keys">Open something.</param>
    /// <param name="now">The time.</param>
    internal static Caller? Of(
        IHeaderDictionary headers,
        ArgumentCollection query,
        List<byte[]> offered,
        DoorKeys keys,
        DateTimeOffset now
    ) => Of(offered, keys, service => Admit(service, headers, query, offered, now), now);

    /// <summary>Whose token it is, wherever it was shown; null where it opens nothing any more.</summary>
    /// <param name="digest">Of the token.</param>
    /// <param name="keys">Open something.</param>
    /// <param name="now">The time.</param>
    internal static Caller? Of(byte[] digest, DoorKeys keys, DateTimeOffset now)
    {
        List<byte[]> offered = [digest];
        return Of(
            offered,
            keys,
            service => Admission.ByTokens(service.Name, service.Credentials.Tokens, offered, now),
            now
        );
    }

    /// <summary>Whose job it is; null where no service means it.</summary>
    internal static Caller? Of(ProvenIdentity identity, DoorKeys keys)
    {
        var own = new Dictionary<string, IReadOnlyList<Admission>>(StringComparer.Ordinal);
        foreach (var service in keys.Services())
        {
            if (Admission.ByIdentity(service.Name, service.Credentials.Identities, identity) is { } admission)
            {
                own.Add(service.Name, [admission]);
            }
        }

        return own.Count > 0 ? new Caller(own, Nobody) { CanBeGuessed = false } : null;
    }

    private static Caller? Of(
        List<byte[]> offered,
        DoorKeys keys,
        Func<ServiceConfiguration, IReadOnlyList<Admission>> admit,
        DateTimeOffset now
    )
    {
        var admin = new TokenSet(keys.Admin is { } token ? [token with { Name = "admin", May = Rights.All }] : []);
        var isAdmin = AsAdmin("") is not null;
        var isViewer = Opens(keys.Viewer, offered);
        var canBeGuessed = (!isAdmin || keys.Admin!.CanBeGuessed) && (!isViewer || keys.Viewer!.CanBeGuessed);
        var own = new Dictionary<string, IReadOnlyList<Admission>>(StringComparer.Ordinal);
        foreach (var service in keys.Services())
        {
            if (admit(service) is { Count: > 0 } admissions)
            {
                own.Add(service.Name, admissions);
                canBeGuessed &= service.Credentials.CanBeGuessed;
            }
        }

        return isAdmin || isViewer || own.Count > 0
            ? new Caller(own, AsAdmin, isViewer: isViewer) { CanBeGuessed = canBeGuessed }
            : null;

        Admission? AsAdmin(string service) =>
            Admission.ByTokens(service, admin, offered, now) is [var admission, ..] ? admission : null;
    }

    private static Admission? Nobody(string service) => null;

    private static IReadOnlyList<Admission> Admit(
        ServiceConfiguration service,
        IHeaderDictionary headers,
        ArgumentCollection query,
        List<byte[]> offered,
        DateTimeOffset now
    )
    {
        var own = service.Credentials.TokenHeader is { } further ? OfferedTokens.Of(headers, query, further) : offered;
        return own is null ? [] : Admission.ByTokens(service.Name, service.Credentials.Tokens, own, now);
    }
}
