using ThinDeployer.Deployments;
using ThinDeployer.Rules;
using ThinDeployer.Yaml;

namespace ThinDeployer.Schedules;

/// <summary>Reads <c>schedule</c>.</summary>
/// <param name="declared">The service's <c>variables</c>; null where it declares none.</param>
/// <param name="plan">What the values are for.</param>
internal sealed class ScheduleReader(VariableSet? declared, DeploymentPlan plan)
{
    /// <summary>Of one service.</summary>
    private const int Maximum = 100;

    private const string Key = "schedule";

    /// <summary>Empty where there is none.</summary>
    internal static IReadOnlyList<Schedule> Read(MapReader service, VariableSet? declared, DeploymentPlan plan)
    {
        var items = service.List(Key);
        if (items.Count > Maximum)
        {
            service.Context.Mistake(service.Node(Key)!.Place, $"\"{Key}\" has more than {Maximum} entries");
            return [];
        }

        var reader = new ScheduleReader(declared, plan);
        var places = new Dictionary<string, Place>(StringComparer.Ordinal);
        var schedules = new List<Schedule>();
        foreach (var item in items)
        {
            if (item is not YamlMap map)
            {
                service.Context.Mistake(
                    item.Place,
                    $"an entry of \"{Key}\" must be a map, such as {{cron: \"30 3 * * *\"}}"
                );
            }
            else if (reader.ReadOne(new MapReader(map, service.Context)) is { } schedule)
            {
                if (places.TryAdd(schedule.Key, item.Place))
                {
                    schedules.Add(schedule);
                }
                else
                {
                    service.Context.Mistake(
                        item.Place,
                        $"the same stands at line {places[schedule.Key].Line} already; what is due twice at once runs once"
                    );
                }
            }
        }

        return schedules;
    }

    /// <summary>Null after a mistake without which there is no schedule.</summary>
    internal Schedule? ReadOne(MapReader keys)
    {
        var cron = CronOf(keys);
        var zone = keys.TimeZone("time_zone");
        var values = ValuesOf(keys);
        var makesUp = keys.Choice("missed", "run", "skip") == "run";
        keys.Finish();
        return cron is null ? null : new Schedule(cron, zone, values, makesUp);
    }

    private static string? CronOf(MapReader keys)
    {
        if (keys.Text("cron") is not { } written)
        {
            if (keys.Node("cron") is null or YamlText { Text.Length: 0 })
            {
                keys.Context.Mistake(
                    keys.Node("cron")?.Place ?? keys.Place,
                    "\"cron\" is missing; write when it is due, such as \"30 3 * * *\" for half past three each day"
                );
            }

            return null;
        }

        var (text, fault) = CronText.Read(written);
        if (fault is not null)
        {
            keys.Context.Mistake(keys.Node("cron")!.Place, $"\"cron\" {fault}");
        }
        else if (CronText.NamesBothDays(text!))
        {
            keys.Context.Warn(
                keys.Node("cron")!.Place,
                "\"cron\" names a day of the month and a day of the week, and both must be right; crontab would take either"
            );
        }

        return text;
    }

    private IReadOnlyDictionary<string, string> ValuesOf(MapReader keys)
    {
        var given = keys.Texts("variables");
        foreach (var entry in (keys.Node("variables") as YamlMap)?.Entries ?? [])
        {
            if (given.TryGetValue(entry.Key.Text, out var value) && FaultOf(entry.Key.Text, value) is { } fault)
            {
                keys.Context.Mistake(entry.Value.Place, fault);
            }
        }

        return declared is null ? given : DeclaredOf(keys, given);
    }

    /// <summary>What is wrong with a value by itself; null for nothing.</summary>
    private string? FaultOf(string name, string value) =>
        !plan.Takes(name) ? $"\"variables\" of \"{Key}\" names {Quote.Of(name)}, {Advice(name)}"
        : declared is null ? ArgumentRule.Complaint(name, value)
        : declared.Variables.First(variable => variable.Name == name).Given(value).Complaint;

    private string Advice(string name)
    {
        var known = declared?.Variables.Select(variable => variable.Name) ?? plan.ArgumentNames;
        var what = declared is null
            ? "which is in no placeholder of its commands"
            : "which the service does not declare";
        return what + (NearestName.Of(name, known) is { } nearest ? $"; did you mean {Quote.Of(nearest)}?" : "");
    }

    /// <summary>All that the service declares; one that has no value at all is a mistake of the whole entry.</summary>
    private Dictionary<string, string> DeclaredOf(MapReader keys, IReadOnlyDictionary<string, string> given)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var variable in declared!.Variables)
        {
            var (value, complaint) = variable.Given(given.GetValueOrDefault(variable.Name));
            if (value is not null)
            {
                values[variable.Name] = value;
            }
            else if (!given.ContainsKey(variable.Name))
            {
                keys.Context.Mistake(keys.Place, complaint!);
            }
        }

        return values;
    }
}
