using ThinDeployer.Configuration;

namespace ThinDeployer.Functions.Tests.Shipping;

/// <summary>The environment variables that have an effect on the app.</summary>
internal static class SettingNames
{
    internal static IReadOnlySet<string> All { get; } =
        Switches.All.Where(one => !one.IsEndpoint).Select(one => one.Variable).ToHashSet(StringComparer.Ordinal);
}
