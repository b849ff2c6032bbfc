using ArchUnitNET.Domain;
using ArchUnitNET.Domain.Extensions;
using ArchUnitNET.Loader;

namespace ThinDeployer.Tests;

/// <summary>Holds the arrows between the rooms of the core, and the homes of third parties.</summary>
public sealed class ArchitectureTests
{
    private const string Root = "ThinDeployer";

    /// <summary>Who may use whom. A room that is not named here may use no other.</summary>
    private static readonly Dictionary<string, string[]> Arrows = new()
    {
        ["Security"] = ["Yaml"],
        ["Rules"] = ["Yaml"],
        ["Notifications"] = ["Yaml", "Deployments"],
        ["Deployments"] = ["Yaml", "Shell", "Security", "Logging"],
        ["Storage"] = ["Deployments", "Yaml"],
        ["Configuration"] = ["Security", "Rules", "Deployments", "Notifications", "Shell", "Yaml"],
        ["Health"] = ["Configuration", "Deployments", "Storage", "Logging"],
        ["Diagnosis"] =
        [
            "Configuration",
            "Security",
            "Rules",
            "Deployments",
            "Storage",
            "Notifications",
            "Shell",
            "Yaml",
            "Health",
            "Http",
        ],
        ["Importing"] = ["Yaml", "Shell"],
        ["Http"] = ["Configuration", "Security", "Rules", "Deployments", "Health", "Logging"],
    };

    /// <summary>Where each third party lives; the wiring at the root may use all.</summary>
    private static readonly Dictionary<string, string[]> Homes = new()
    {
        ["YamlDotNet"] = ["Yaml"],
        ["Microsoft.Data.Sqlite"] = ["Storage"],
        ["CliWrap"] = ["Deployments"],
        ["System.Net.Http"] = ["Notifications"],
        ["Microsoft.AspNetCore"] = ["Http", "Dashboard", "Diagnosis"],
    };

    private static readonly Architecture Core = new ArchLoader()
        .LoadAssemblies(typeof(ThinDeployerServices).Assembly)
        .Build();

    public static TheoryData<string> Rooms => [.. Core.Types.Select(RoomOf).OfType<string>().Distinct()];

    [Theory]
    [MemberData(nameof(Rooms))]
    public void A_room_uses_only_the_rooms_that_it_may(string room)
    {
        var used = Dependencies(room).Select(RoomOf).OfType<string>().Distinct().Where(other => other != room);

        Assert.Empty(used.Except(Arrows.GetValueOrDefault(room, [])));
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
    public void The_rooms_are_really_seen()
    {
        var rooms = Core.Types.Select(RoomOf).OfType<string>().ToHashSet();

        Assert.Superset(new HashSet<string> { "Yaml", "Shell", "Security", "Deployments", "Http" }, rooms);
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

    /// <summary>The folder below the root; null for the wiring, and for what is not ours.</summary>
    private static string? RoomOf(IType type) =>
        IsWithin(type, Root) && type.Namespace.FullName.Split('.') is [_, var room, ..] ? room : null;

    private static bool IsWithin(IType type, string name) =>
        type.Namespace is { } space
        && (space.FullName == name || space.FullName.StartsWith(name + ".", StringComparison.Ordinal));
}
