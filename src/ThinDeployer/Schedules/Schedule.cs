using System.Security.Cryptography;
using System.Text;
using Cronos;

namespace ThinDeployer.Schedules;

/// <summary>When a service is deployed by itself, and with which values.</summary>
/// <param name="Cron">As written, with one space between its fields.</param>
/// <param name="Values">For placeholders, by name; all that the service's rules want.</param>
/// <param name="MakesUp">Whether what was missed is made up for, once.</param>
internal sealed record Schedule(
    string Cron,
    TimeZoneInfo Zone,
    IReadOnlyDictionary<string, string> Values,
    bool MakesUp
)
{
    /// <summary>Hexadecimal digits that tell values apart without holding them.</summary>
    private const int DigestLength = 16;

    private readonly CronExpression _expression = CronExpression.Parse(Cron);

    /// <summary>The same for as long as it is written so; another one of the service has another.</summary>
    internal string Key { get; } = $"{Cron} {Zone.Id}{DigestOf(Values)}";

    /// <summary>The first time after another; null where none comes any more.</summary>
    internal DateTimeOffset? Next(DateTimeOffset after) => _expression.GetNextOccurrence(after, Zone);

    /// <summary>The first time and the last within a span; null where there is none.</summary>
    /// <param name="after">Not within it.</param>
    /// <param name="until">Within it.</param>
    internal (DateTimeOffset First, DateTimeOffset Last)? Within(DateTimeOffset after, DateTimeOffset until)
    {
        if (Next(after) is not { } first || first > until)
        {
            return null;
        }

        // From the end: after a year without the server there may be half a million of them.
        var last = first;
        for (var back = TimeSpan.FromMinutes(1); last == first && until - back > first; back *= 2)
        {
            last = LastAfter(until - back, until) ?? first;
        }

        return (first, last == first ? LastAfter(first, until) ?? first : last);
    }

    public override string ToString() => Zone.Equals(TimeZoneInfo.Utc) ? Cron : $"{Cron} {Zone.Id}";

    private DateTimeOffset? LastAfter(DateTimeOffset after, DateTimeOffset until)
    {
        DateTimeOffset? last = null;
        for (var next = Next(after); next <= until; next = Next(next.Value))
        {
            last = next;
        }

        return last;
    }

    private static string DigestOf(IReadOnlyDictionary<string, string> values)
    {
        if (values.Count == 0)
        {
            return "";
        }

        var text = string.Concat(
            values.OrderBy(value => value.Key, StringComparer.Ordinal).Select(value => $"{value.Key}\0{value.Value}\0")
        );
        return " " + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..DigestLength];
    }
}

/// <summary>A service that is deployed by itself.</summary>
/// <param name="Plan">What then runs.</param>
internal sealed record ScheduledService(
    string Name,
    Deployments.DeploymentPlan Plan,
    IReadOnlyList<Schedule> Schedules
);
