using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ThinDeployer.Rollouts;
using ThinDeployer.Shell;
using ThinDeployer.Steps;
using ThinDeployer.Yaml;

namespace ThinDeployer.Deployments;

/// <summary>Reads what a deployment of a service does, how far it may go, and what happens when deployments meet.</summary>
internal static class DeploymentPlanReader
{
    private const long Kibibyte = 1024;
    private const long Mebibyte = 1024 * Kibibyte;

    /// <summary>Keys that say what a deployment does.</summary>
    private static readonly string[] WhatRuns =
    [
        "pwd",
        "commands",
        "vars",
        "environment",
        "inherit_environment",
        "umask",
        "on_failure",
        "on_success",
        "verify",
        "then",
        RolloutReader.Machines,
    ];

    /// <summary>Keys with commands, or checks, which need a folder.</summary>
    private static readonly string[] Commanding = ["commands", "verify", "on_failure", "on_success"];

    internal static readonly TimeSpan LongestStopGrace = TimeSpan.FromHours(1);

    /// <param name="service">Its keys.</param>
    /// <param name="variables">
    /// Names that the service declares beside <c>vars</c>, with the characters beside letters and digits that their values may
    /// have (null for any); null where it declares none.
    /// </param>
    /// <param name="rollout">Where other machines do it; null for none, and after a mistake.</param>
    internal static DeploymentPlan Read(
        MapReader service,
        IReadOnlyDictionary<string, string?>? variables,
        RolloutPlan? rollout
    )
    {
        var defaults = service.Texts("vars");
        CheckDefaults(service, defaults);
        var steps = new StepPlanReader(
            defaults.Keys.Concat(variables?.Keys ?? []).ToHashSet(),
            variables,
            service.Context
        );
        return new DeploymentPlan(
            StepDefaultsReader.Read(service, isNeeded: NeedsFolder(service)),
            steps.Read(Commands(service)),
            new VerifyReader(steps).Read(service),
            steps.Read(service.List("on_failure")),
            steps.Read(service.List("on_success")),
            defaults,
            Limits(service),
            Queue(service),
            service.Integer("keep", DeploymentPlan.DefaultKeep, 1, 1_000_000)
        )
        {
            KeepDeliveries = service.Integer("keep_deliveries", 20, 0, 10_000),
            Variables = variables is null ? null : [.. variables.Keys],
            Version = VersionOf(service),
            Rollout = rollout,
        };
    }

    /// <summary>As written: a value that comes from the environment may change without it.</summary>
    private static string VersionOf(MapReader service)
    {
        var text = new StringBuilder();
        foreach (var key in WhatRuns)
        {
            if (service.Node(key) is { } node)
            {
                Write(node, text.Append(key).Append('='));
            }
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    /// <summary>Each text with its length, so that no two trees are written alike.</summary>
    private static void Write(YamlNode node, StringBuilder to)
    {
        switch (node)
        {
            case YamlText text:
                to.Append(CultureInfo.InvariantCulture, $"{text.Text.Length}:{text.Text}");
                break;
            case YamlList list:
                to.Append(CultureInfo.InvariantCulture, $"[{list.Items.Count}");
                list.Items.ToList().ForEach(item => Write(item, to));
                break;
            case YamlMap map:
                to.Append(CultureInfo.InvariantCulture, $"{{{map.Entries.Count}");
                foreach (var entry in map.Entries)
                {
                    Write(entry.Key, to);
                    Write(entry.Value, to);
                }

                break;
        }
    }

    /// <summary>What the machines run is in their own configuration.</summary>
    private static bool NeedsFolder(MapReader service) =>
        !service.Has(RolloutReader.Machines) || Array.Exists(Commanding, service.Has);

    private static IReadOnlyList<YamlNode> Commands(MapReader service)
    {
        if (service.Has(RolloutReader.Machines) && !service.Has("commands"))
        {
            return [];
        }

        if (service.Node("commands") is null or YamlText { Text.Length: 0 } or YamlList { Items.Count: 0 })
        {
            service.Context.Mistake(
                service.Node("commands")?.Place ?? service.Place,
                "\"commands\" is missing or empty; list at least one command"
            );
            return [];
        }

        return service.List("commands");
    }

    private static DeploymentLimits Limits(MapReader service) =>
        new(
            service.Duration(
                "timeout",
                TimeSpan.FromHours(6),
                TimeSpan.FromMilliseconds(1),
                maximum: TimeSpan.FromDays(30)
            ),
            service.Duration(
                "stop_grace",
                DeploymentLimits.DefaultStopGrace,
                TimeSpan.FromMilliseconds(1),
                LongestStopGrace
            ),
            service.Size("max_output", 64 * Mebibyte, Kibibyte, 1024 * 1024 * Mebibyte)
        );

    private static QueuePolicy Queue(MapReader service) =>
        new(
            service.Integer("parallel", 1, 1, 1_000),
            service.Choice("when_busy", "queue", "reject", "supersede", "cancel") switch
            {
                "reject" => WhenBusy.Reject,
                "supersede" => WhenBusy.Supersede,
                "cancel" => WhenBusy.Cancel,
                _ => WhenBusy.Queue,
            },
            service.Integer("max_queued", 100, 0, 100_000),
            // A forge gives a webhook some ten seconds, and calls a slow one broken.
            AnswersAtOnce: service.Choice(
                "respond",
                service.Has("signature") ? ["accepted", "wait"] : ["wait", "accepted"]
            ) == "accepted",
            LockName(service)
        );

    private static string? LockName(MapReader service)
    {
        if (service.Text("lock") is { } name)
        {
            return name;
        }

        if (service.Node("lock") is YamlText { Text.Length: 0 } empty)
        {
            service.Context.Mistake(empty.Place, "\"lock\" is empty; name what the services share");
        }

        return null;
    }

    private static void CheckDefaults(MapReader service, IReadOnlyDictionary<string, string> defaults)
    {
        foreach (var name in defaults.Keys.Where(name => Placeholder.NameAt($"%{name}%", 0) != name))
        {
            service.Context.Mistake(
                service.Node("vars")!.Place,
                $"\"vars\" names {Quote.Of(name)}, which no placeholder can; use up to "
                    + $"{Placeholder.MaxNameLength} letters, digits, \"_\", \".\" or \"-\", and not \"token\""
            );
        }
    }
}
