using ThinDeployer.Yaml;

namespace ThinDeployer.Configuration;

/// <summary>Finds variables that most likely were meant for a setting.</summary>
internal static class MisspeltVariables
{
    /// <summary>What follows the prefix.</summary>
    private static readonly IReadOnlyList<string> Known =
    [
        .. Switches
            .All.Concat(ClientSwitches.All)
            .Select(one => one.Variable)
            .Where(name => name.StartsWith(Switch.VariablePrefix, StringComparison.Ordinal))
            .Select(name => name[Switch.VariablePrefix.Length..]),
    ];

    /// <summary>
    /// A sentence each. What is near none is not ours to judge: Kubernetes and Docker make variables such as
    /// <c>THIN_DEPLOYER_SERVICE_HOST</c> by themselves.
    /// </summary>
    /// <param name="names">Of all variables that are set.</param>
    internal static IEnumerable<string> Warnings(IEnumerable<string> names)
    {
        foreach (var name in names.Order(StringComparer.Ordinal))
        {
            if (Meant(name) is { } meant && meant != name)
            {
                yield return $"there is no setting {Quote.Of(name)}, so it has no effect; did you mean {Quote.Of(meant)}?";
            }
        }
    }

    private static string? Meant(string name)
    {
        if (!name.StartsWith(Switch.VariablePrefix, StringComparison.Ordinal))
        {
            return name.StartsWith("thin", StringComparison.OrdinalIgnoreCase)
                ? NearestName.Of(name, Known.Select(end => Switch.VariablePrefix + end))
                : null;
        }

        // Without what all have in common: it would let short names pass for one another.
        return NearestName.Of(name[Switch.VariablePrefix.Length..], Known) is { } nearest
            ? Switch.VariablePrefix + nearest
            : null;
    }
}
