using ThinDeployer.Deployments;
using ThinDeployer.Forges;
using ThinDeployer.Notifications;
using ThinDeployer.Rules;
using ThinDeployer.Schedules;
using ThinDeployer.Security;
using ThinDeployer.Yaml;

namespace ThinDeployer.Configuration;

/// <summary>A named entry of the configuration: who may deploy it, when, and what then runs.</summary>
/// <param name="AllowsGet">Whether a GET deploys too.</param>
/// <param name="Rules">Which requests are meant, and what they give.</param>
/// <param name="Notify">Who is told; empty for nobody.</param>
/// <param name="Report">The forge that is told; null for none.</param>
/// <param name="Schedules">When it is deployed by itself; empty for never.</param>
internal sealed record ServiceConfiguration(
    string Name,
    Credentials Credentials,
    bool AllowsGet,
    RulesSection Rules,
    DeploymentPlan Plan,
    IReadOnlyList<NotificationTarget> Notify,
    ForgeReport? Report,
    IReadOnlyList<Schedule> Schedules,
    Place DefinedAt
)
{
    private const int NextRunsShown = 5;

    /// <summary>What follows it, as it is written.</summary>
    internal IReadOnlyList<YamlText> Then { get; init; } = [];

    /// <summary>Of a request: those that may have an effect.</summary>
    internal IReadOnlySet<string> ArgumentNames { get; } =
        new HashSet<string>([.. Plan.ArgumentNames, .. Rules.ArgumentNames], StringComparer.Ordinal);

    /// <summary>Whether any further one may; null where none does.</summary>
    internal Func<string, bool>? Unforeseen => Plan.TakesAny ? Plan.Takes : null;

    /// <summary>The next times at which it is deployed by itself, the earliest first.</summary>
    internal IReadOnlyList<DateTimeOffset> NextRuns(DateTimeOffset now)
    {
        var next = new SortedSet<DateTimeOffset>();
        foreach (var schedule in Schedules)
        {
            var after = now;
            for (var count = 0; count < NextRunsShown && schedule.Next(after) is { } due; count++)
            {
                next.Add(after = due);
            }
        }

        return [.. next.Take(NextRunsShown)];
    }

    internal bool HasTokenShorterThan(int characters) => Credentials.HasTokenShorterThan(characters);
}
