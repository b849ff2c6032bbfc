using ArchUnitNET.Domain;
using ArchUnitNET.Domain.Extensions;
using ArchUnitNET.Loader;
using ThinDeployer.Chains;
using ThinDeployer.Configuration;
using ThinDeployer.Machines;
using ThinDeployer.Operating.Diagnosis;
using ThinDeployer.Schedules;
using ThinDeployer.Security;

namespace ThinDeployer.Tests;

/// <summary>Holds the arrows between the rooms of the core and of what the command line needs, and the homes of third parties.</summary>
public sealed class ArchitectureTests
{
    private const string Root = "ThinDeployer";
    private const string Operating = "ThinDeployer.Operating";

    /// <summary>What is in no folder.</summary>
    private const string Wiring = "the wiring";

    /// <summary>Who may use whom. A room that is not named here may use no other.</summary>
    private static readonly Dictionary<string, string[]> Arrows = new()
    {
        ["Listening"] = ["Yaml"],
        ["Identities"] = ["Yaml"],
        ["Security"] = ["Identities", "Yaml"],
        ["Rules"] = ["Addresses", "Yaml"],
        ["Gates"] = ["Yaml"],
        ["Rollouts"] = ["Yaml"],
        ["Audit"] = ["Yaml"],
        ["Outbox"] = ["Output", "Deployments"],
        ["Forges"] = ["Yaml", "Security", "Deployments", "Outbox"],
        ["Notifications"] = ["Yaml", "Security", "Output", "Lines", "Deployments", "Outbox"],
        ["Output"] = ["Yaml", "Security"],
        ["Lines"] = ["Output"],
        ["Steps"] = ["Yaml", "Shell", "Security", "Output"],
        ["Deployments"] = ["Gates", "Rollouts", "Steps", "Yaml", "Shell", "Security", "Logging", "Output"],
        ["Machines"] = ["Addresses", "Audit", "Deployments", "Output", "Rollouts", "Rules", "Security", "Yaml"],
        ["Schedules"] = ["Audit", "Deployments", "Rules", "Security", "Yaml"],
        ["Chains"] = ["Audit", "Deployments", "Rules", "Security", "Yaml"],
        ["Storage"] = ["Audit", "Security", "Output", "Deployments", "Outbox", "Yaml", "Rollouts", "Machines"],
        ["Configuration"] =
        [
            "Audit",
            "Addresses",
            "Listening",
            "Identities",
            "Security",
            "Rules",
            "Gates",
            "Rollouts",
            "Deployments",
            "Schedules",
            "Chains",
            "Notifications",
            "Forges",
            "Shell",
            "Yaml",
        ],
        ["Telemetry"] = ["Configuration", "Deployments", "Logging", "Machines", "Outbox"],
        ["Otlp"] = ["Configuration", "Deployments", "Security", "Telemetry", "Yaml"],
        ["Health"] = ["Configuration", "Output", "Deployments", "Logging", "Telemetry"],
        ["Diagnosis"] =
        [
            "Configuration",
            "Listening",
            "Identities",
            "Security",
            "Rules",
            "Gates",
            "Rollouts",
            "Machines",
            "Steps",
            "Deployments",
            "Schedules",
            "Outbox",
            "Notifications",
            "Forges",
            "Storage",
            "Shell",
            "Yaml",
            "Health",
            "Telemetry",
            "Http",
            "Pages",
        ],
        ["Backups"] = ["Configuration", "Output", "Steps", "Deployments", "Storage", "Yaml"],
        ["Importing"] = ["Addresses", "Yaml", "Shell", "Writing"],
        ["Scaffolding"] = ["Configuration", "Yaml", "Writing"],
        ["Http"] =
        [
            "Addresses",
            "Audit",
            "Configuration",
            "Identities",
            "Security",
            "Rules",
            "Output",
            "Steps",
            "Gates",
            "Deployments",
            "Machines",
            "Rollouts",
            "Outbox",
            "Health",
            "Telemetry",
            "Logging",
            Wiring,
        ],
        ["Pages"] =
        [
            "Audit",
            "Configuration",
            "Security",
            "Rules",
            "Output",
            "Lines",
            "Steps",
            "Deployments",
            "Rollouts",
            "Machines",
            "Outbox",
            "Http",
        ],
        [Wiring] =
        [
            "Audit",
            "Configuration",
            "Identities",
            "Security",
            "Rules",
            "Output",
            "Lines",
            "Steps",
            "Deployments",
            "Schedules",
            "Chains",
            "Machines",
            "Storage",
            "Outbox",
            "Notifications",
            "Forges",
            "Health",
            "Telemetry",
            "Otlp",
            "Http",
            "Pages",
            "Logging",
            "Yaml",
        ],
    };

    /// <summary>Where each third party lives.</summary>
    private static readonly Dictionary<string, string[]> Homes = new()
    {
        ["YamlDotNet"] = ["Yaml"],
        ["Microsoft.Data.Sqlite"] = ["Storage"],
        ["SQLitePCL"] = ["Storage"],
        ["Cronos"] = ["Schedules"],
        ["CliWrap"] = ["Steps", "Diagnosis"],
        ["System.Net.Http"] = ["Steps", "Outbox", "Notifications", "Forges", "Otlp", "Identities"],
        ["Microsoft.AspNetCore"] = ["Http", "Pages", "Diagnosis", Wiring],
        ["RazorSlices"] = ["Pages"],
        ["Markdig"] = ["Pages"],
        ["MailKit"] = ["Notifications"],
    };

    private static readonly Architecture Core = new ArchLoader()
        .LoadAssemblies(typeof(ThinDeployerServices).Assembly, typeof(Validation).Assembly)
        .Build();

    public static TheoryData<string> Rooms => [.. Core.Types.Select(RoomOf).OfType<string>().Distinct()];

    [Theory]
    [MemberData(nameof(Rooms))]
    public void A_room_uses_the_rooms_that_it_may_and_no_others(string room)
    {
        var used = Dependencies(room).Select(RoomOf).OfType<string>().Distinct().Where(other => other != room);

        Assert.Equal(Arrows.GetValueOrDefault(room, []).Order(), used.Order());
    }

    [Theory]
    [MemberData(nameof(Rooms))]
    public void A_third_party_is_used_only_at_home(string room)
    {
        var strangers = Dependencies(room)
            .Select(type => Homes.FirstOrDefault(home => IsWithin(type, home.Key)))
            .Where(home => home.Key is not null && !home.Value.Contains(room))
            .Select(home => home.Key)
            .Distinct();

        Assert.Empty(strangers);
    }

    [Fact]
    public void No_room_gets_settings_that_are_not_its_own()
    {
        var all = Core.Types.Where(type => type.GetTypeDependencies().Any(IsAllSettings)).Select(RoomOf).Distinct();

        Assert.Equal(["Backups", "Configuration", "Diagnosis", "Scaffolding", Wiring], all.OfType<string>().Order());

        static bool IsAllSettings(IType type) => type.FullName == typeof(ServerSettings).FullName;
    }

    [Theory]
    [InlineData(nameof(Admission.BySchedule), typeof(Scheduler))]
    [InlineData(nameof(Admission.ByChain), typeof(ChainRunner))]
    [InlineData(nameof(Admission.ByOrder), typeof(OrderTaker))]
    public void What_deploys_by_itself_is_let_in_by_one_only(string admission, System.Type caller)
    {
        var callers = Core
            .MethodMembers.Where(method =>
                method.GetCalledMethods().Any(called => called.FullName.Contains(admission, StringComparison.Ordinal))
            )
            .Select(method => method.DeclaringType.FullName.Split('+', '/')[0]);

        Assert.Equal([caller.FullName], callers.Distinct());
    }

    [Fact]
    public void The_rooms_are_really_seen()
    {
        var rooms = Core.Types.Select(RoomOf).OfType<string>().ToHashSet();

        Assert.Superset(new HashSet<string> { "Yaml", "Shell", "Deployments", "Http", "Importing", Wiring }, rooms);
        Assert.Contains(Dependencies("Yaml"), type => IsWithin(type, "YamlDotNet"));
        Assert.Contains(Dependencies("Http"), type => RoomOf(type) == "Deployments");
    }

    private static IEnumerable<IType> Dependencies(string room) =>
        Core
            .Types.Where(type => RoomOf(type) == room && !IsGeneratedJson(type))
            .SelectMany(type => type.GetTypeDependencies());

    /// <summary>The loader mistakes a generated method of one JSON context for the same method of another.</summary>
    private static bool IsGeneratedJson(IType type) =>
        type is Class { BaseClass.FullName: "System.Text.Json.Serialization.JsonSerializerContext" };

    /// <summary>The folder of the project; null for what is not ours.</summary>
    private static string? RoomOf(IType type) =>
        !IsWithin(type, Root) ? null
        : IsWithin(type, Operating) ? type.Namespace.FullName.Split('.')[2]
        : type.Namespace.FullName.Split('.') is [_, var room, ..] ? room
        : Wiring;

    private static bool IsWithin(IType type, string name) =>
        type.Namespace is { } space
        && (space.FullName == name || space.FullName.StartsWith(name + ".", StringComparison.Ordinal));
}
