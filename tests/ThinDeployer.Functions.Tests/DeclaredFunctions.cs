using System.Text.Json;
using ThinDeployer.Functions.Tests.Contracts;
using ThinDeployer.FunctionsHost;

namespace ThinDeployer.Functions.Tests;

/// <summary>All functions of the app, as its build wrote them down for the host.</summary>
internal static class DeclaredFunctions
{
    internal static IReadOnlyList<HttpFunction> All { get; } =
    [
        .. JsonElement
            .Parse(File.ReadAllText(Path.Combine(FunctionsApp.AppFolder, "functions.metadata")))
            .EnumerateArray()
            .Select(function =>
                HttpFunction.Of(
                    id: "",
                    function.GetProperty("name").GetString()!,
                    function.GetProperty("bindings").EnumerateArray()
                )
            ),
    ];
}
