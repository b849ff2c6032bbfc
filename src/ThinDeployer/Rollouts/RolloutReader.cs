using System.Globalization;
using ThinDeployer.Yaml;

namespace ThinDeployer.Rollouts;

/// <summary>Reads <c>machines</c> and <c>rollout</c>.</summary>
internal static class RolloutReader
{
    internal const string Machines = "machines";

    /// <summary>Of one service; no batch is larger, and no more may fail.</summary>
    private const int MaximumMachines = 1_000;

    private const int MaximumBatches = 100;
    private const int MaximumPercent = 100;
    private const string Key = "rollout";
    private const string Everyone = MachineName.All;
    private const string Batch = "batch";
    private const string ByHand = "manual";

    private static readonly IReadOnlyList<BatchSize> OneByOne = [new(1, IsPercent: false)];
    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(24);
    private static readonly TimeSpan ShortestExpire = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestExpire = TimeSpan.FromDays(7);

    /// <summary>Null for a service of this machine, and after a mistake that leaves no name.</summary>
    internal static RolloutPlan? Read(MapReader service)
    {
        var isMeant = service.Has(Machines);
        var names = isMeant ? NamesIn(service) : [];
        var plan = service.Map(Key) is { } keys ? ReadKeys(keys, names) : ByDefault(names);
        if (!isMeant && service.Node(Key) is { } alone)
        {
            service.Context.Mistake(
                alone.Place,
                $"\"{Key}\" says how machines follow each other, and there are none; name them by \"{Machines}\""
            );
        }

        return names is { Count: 0 } ? null : plan;
    }

    /// <param name="keys">Of <c>rollout</c>.</param>
    /// <param name="names">As <see cref="RolloutPlan.Machines"/>.</param>
    internal static RolloutPlan ReadKeys(MapReader keys, IReadOnlyList<string>? names)
    {
        var (pause, isManual) = Pause(keys);
        var plan = new RolloutPlan(
            names,
            Batches(keys),
            pause,
            isManual,
            keys.Integer("max_failures", 0, 0, MaximumMachines),
            keys.Choice("unavailable", "wait", "skip", "fail") switch
            {
                "skip" => WhenUnavailable.Skip,
                "fail" => WhenUnavailable.Fail,
                _ => WhenUnavailable.Wait,
            },
            keys.Duration("expire", RolloutPlan.DefaultExpire, ShortestExpire, LongestExpire)
        );
        keys.Finish();
        return plan;
    }

    private static RolloutPlan ByDefault(IReadOnlyList<string>? names) =>
        new(
            names,
            OneByOne,
            TimeSpan.Zero,
            IsManual: false,
            MaximumFailures: 0,
            WhenUnavailable.Wait,
            RolloutPlan.DefaultExpire
        );

    /// <summary>In the order written. Null for all; empty after a mistake.</summary>
    private static List<string>? NamesIn(MapReader service)
    {
        var items = Items(service, Machines, MaximumMachines);
        if (items.Count == 0 && service.Node(Machines) is YamlText or YamlList)
        {
            service.Context.Mistake(
                service.Node(Machines)!.Place,
                $"\"{Machines}\" is empty; name at least one, or write {Everyone}"
            );
        }

        if (service.Node(Machines) is YamlText && items is [YamlText one] && one.Text == Everyone)
        {
            return null;
        }

        var names = new List<string>();
        var places = new Dictionary<string, Place>(StringComparer.Ordinal);
        foreach (var item in items)
        {
            if (NameOf(item, service.Context) is not { } name)
            {
                continue;
            }

            if (places.TryAdd(name, item.Place))
            {
                names.Add(name);
            }
            else
            {
                service.Context.Mistake(
                    item.Place,
                    $"\"{Machines}\" names {Quote.Of(name)} at line {places[name].Line} already; name each machine once"
                );
            }
        }

        return names;
    }

    private static string? NameOf(YamlNode item, ReadingContext context)
    {
        if (item is YamlText text)
        {
            if (Scalars.Interpolated(text, context) is not { } name)
            {
                return null;
            }

            if (name == Everyone)
            {
                context.Mistake(
                    item.Place,
                    $"\"{Everyone}\" stands for every machine, so it can't stand in a list; write {Machines}: {Everyone}"
                );
                return null;
            }

            if (MachineName.IsValid(name))
            {
                return name;
            }
        }

        context.Mistake(
            item.Place,
            $"an entry of \"{Machines}\" must be the name of a machine, such as web-1: 1 to 63 of a-z, 0-9, \".\", \"_\" and "
                + "\"-\", the first a letter or a digit"
        );
        return null;
    }

    private static IReadOnlyList<BatchSize> Batches(MapReader keys)
    {
        if (!keys.Has(Batch))
        {
            return OneByOne;
        }

        var items = Items(keys, Batch, MaximumBatches);
        if (items.Count == 0 && keys.Node(Batch) is YamlList)
        {
            keys.Context.Mistake(
                keys.Node(Batch)!.Place,
                $"\"{Batch}\" is empty; write how many machines each batch has, such as [1, 25%, 100%]"
            );
        }

        var sizes = new List<BatchSize>();
        foreach (var item in items)
        {
            if (SizeOf(item, keys.Context) is { } size)
            {
                sizes.Add(size);
            }
        }

        return sizes.Count == 0 ? OneByOne : sizes;
    }

    private static BatchSize? SizeOf(YamlNode item, ReadingContext context)
    {
        if (item is YamlText written)
        {
            if (Scalars.Interpolated(written, context) is not { } text)
            {
                return null;
            }

            var isPercent = text.EndsWith('%');
            if (
                int.TryParse(
                    isPercent ? text.AsSpan(0, text.Length - 1) : text,
                    NumberStyles.None,
                    CultureInfo.InvariantCulture,
                    out var value
                )
                && value >= 1
                && value <= (isPercent ? MaximumPercent : MaximumMachines)
            )
            {
                return new BatchSize(value, isPercent);
            }
        }

        context.Mistake(
            item.Place,
            $"\"{Batch}\" must be a number of machines from 1 to {MaximumMachines}, a share from 1% to {MaximumPercent}%, or a "
                + "list of these, such as [1, 25%, 100%]"
        );
        return null;
    }

    private static (TimeSpan Pause, bool IsManual) Pause(MapReader keys)
    {
        const string key = "pause";
        if (keys.Text(key) is not { } text)
        {
            return (TimeSpan.Zero, IsManual: false);
        }

        if (text == ByHand)
        {
            return (TimeSpan.Zero, IsManual: true);
        }

        if (!Scalars.TryDuration(text, out var pause) || pause > LongestPause)
        {
            keys.Context.Mistake(
                keys.Node(key)!.Place,
                $"\"{key}\" must be a duration up to {Scalars.Written(LongestPause)}, such as 10s, or {ByHand}: then somebody "
                    + "says yes before each further batch"
            );
            return (TimeSpan.Zero, IsManual: false);
        }

        return (pause, IsManual: false);
    }

    /// <summary>One value stands for a list of it. Empty where there is none, and after the mistake of another shape.</summary>
    private static IReadOnlyList<YamlNode> Items(MapReader keys, string key, int maximum)
    {
        var node = keys.Node(key);
        if (node is YamlText text)
        {
            return text.Text.Length == 0 ? [] : [text];
        }

        if (node is YamlMap)
        {
            // It tells what the key must be.
            return keys.List(key);
        }

        IReadOnlyList<YamlNode> items = node is YamlList list ? list.Items : [];
        if (items.Count > maximum)
        {
            keys.Context.Mistake(items[maximum].Place, $"\"{key}\" must have at most {maximum} entries");
        }

        return items.Count > maximum ? [.. items.Take(maximum)] : items;
    }
}
