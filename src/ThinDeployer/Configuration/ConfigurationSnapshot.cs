using System.Collections.Frozen;
using ThinDeployer.Schedules;
using ThinDeployer.Security;
using ThinDeployer.Yaml;

namespace ThinDeployer.Configuration;

/// <summary>All services as they were read, and what is wrong with them. It never changes.</summary>
/// <param name="Services">By name. Not to be used while there are mistakes.</param>
/// <param name="Sources">What all this was read from.</param>
/// <param name="SettingMistakes">A sentence each: mistakes of the server's own settings.</param>
internal sealed record ConfigurationSnapshot(
    FrozenDictionary<string, ServiceConfiguration> Services,
    IReadOnlyList<Problem> Problems,
    IReadOnlyList<string> SettingMistakes,
    Sources Sources
)
{
    /// <summary>Each on one line; those of a file with line and column.</summary>
    internal IReadOnlyList<string> Mistakes { get; } = [.. SettingMistakes, .. Lines(Problems, Severity.Mistake)];

    /// <summary>Each on one line, with file, line and column.</summary>
    internal IReadOnlyList<string> Warnings { get; } = Lines(Problems, Severity.Warning);

    /// <summary>Those of all services.</summary>
    internal IReadOnlyList<SenderSignature> Signatures { get; } =
    [.. Services.Values.Select(service => service.Credentials.Signature).OfType<SenderSignature>()];

    /// <summary>Those that are deployed by themselves, too.</summary>
    internal IReadOnlyList<ScheduledService> Scheduled { get; } =
    [
        .. Services
            .Values.Where(service => service.Schedules.Count > 0)
            .Select(service => new ScheduledService(service.Name, service.Plan, service.Schedules)),
    ];

    /// <summary>Whose OpenID tokens some service takes.</summary>
    internal IReadOnlySet<string> Issuers { get; } =
        Services
            .Values.SelectMany(service => service.Credentials.Identities)
            .Select(identity => identity.Issuer)
            .ToFrozenSet(StringComparer.Ordinal);

    internal bool IsUsable => Mistakes.Count == 0;

    /// <summary>The service that somebody most likely meant; null where none is near.</summary>
    /// <param name="written">A name that there is not.</param>
    /// <param name="mayBeTold">Whether they may know of a service.</param>
    internal string? NearestService(string written, Func<string, bool> mayBeTold) =>
        NearestName.Of(written, Services.Keys.Where(mayBeTold));

    private static List<string> Lines(IReadOnlyList<Problem> problems, Severity severity) =>
        [.. problems.Where(problem => problem.Severity == severity).Select(problem => problem.ToString())];
}
