using System.Text.Json;
using ThinDeployer.Functions.Tests.Contracts;

namespace ThinDeployer.Functions.Tests.Shipping;

/// <summary>
/// The Functions SDK builds a project of its own, and one warning of it (NU1603) is silenced by names that are the SDK's
/// private ones.
/// </summary>
public sealed class GeneratedProjectTests
{
    /// <summary>What its packages ask for, and not every registry has.</summary>
    private static readonly Dictionary<string, string> Asked = new()
    {
        ["Microsoft.Net.Http.Headers"] = "2.2.0",
        ["Microsoft.Extensions.DependencyModel"] = "2.1.0",
        ["Microsoft.NETCore.Targets"] = "3.0.0",
        ["System.ComponentModel.Annotations"] = "4.5.0",
    };

    private static readonly JsonElement Assets = Read();

    [Xunit.Fact]
    public void The_warning_is_silenced_and_nothing_else()
    {
        var silenced = Assets
            .GetProperty("project")
            .GetProperty("restore")
            .GetProperty("warningProperties")
            .GetProperty("noWarn");

        Assert.Equal(["NU1603"], silenced.EnumerateArray().Select(code => code.GetString()));
    }

    /// <summary>Once none is asked for, the target in the app's project can go.</summary>
    [Xunit.Fact]
    public void It_still_needs_to_be()
    {
        var wishes = Assets
            .GetProperty("targets")
            .EnumerateObject()
            .SelectMany(target => target.Value.EnumerateObject())
            .Where(package => package.Value.TryGetProperty("dependencies", out _))
            .SelectMany(package => package.Value.GetProperty("dependencies").EnumerateObject())
            .Select(wish => (wish.Name, wish.Value.GetString()));

        Assert.Contains(wishes, wish => Asked.TryGetValue(wish.Name, out var version) && wish.Item2 == version);
    }

    private static JsonElement Read()
    {
        var intermediate = FunctionsApp.AppFolder.Replace("/bin/", "/obj/", StringComparison.Ordinal);
        return JsonElement.Parse(
            File.ReadAllText(Path.Combine(intermediate, "WorkerExtensions", "obj", "project.assets.json"))
        );
    }
}
