using System.Globalization;
using System.Text.Json;

namespace ThinDeployer.Server.Client;

/// <summary>The machines of a front, as tables: how each stands, and what is deployed there.</summary>
internal static class MachineTable
{
    /// <summary>Less is the way of a message. Milliseconds.</summary>
    private const long NoteworthySkew = 1000;

    private static readonly IReadOnlyList<TextColumn> Machines =
    [
        new("MACHINE", IsAlways: true, one => DeploymentFacts.Text(one, "name")),
        new("STATE", IsAlways: true, one => DeploymentFacts.Text(one, "state")),
        new("LAST SEEN", IsAlways: true, LastSeen),
        new("VERSION", IsAlways: false, one => DeploymentFacts.Text(one, "version")),
        new("CLOCK", IsAlways: false, Clock),
        new("SERVICES", IsAlways: false, Services),
    ];

    private static readonly IReadOnlyList<TextColumn> Deployed =
    [
        new("MACHINE", IsAlways: true, one => DeploymentFacts.Text(one, "machine")),
        new("SERVICE", IsAlways: true, one => DeploymentFacts.Text(one, "service")),
        new("STATUS", IsAlways: true, one => DeploymentFacts.Text(one, "status")),
        new("ID", IsAlways: true, one => DeploymentFacts.Text(one, "id")),
        new("LIVE", IsAlways: false, one => DeploymentFacts.Text(one, "live")),
        new("SINCE", IsAlways: false, one => DeploymentFacts.Text(one, "liveSince")),
    ];

    internal static IEnumerable<string> Lines(JsonElement machines)
    {
        List<string> lines = [.. TextTable.Lines(Machines, machines.EnumerateArray())];
        var deployed = machines
            .EnumerateArray()
            .SelectMany(machine => DeploymentFacts.List(machine, "deployments"))
            .ToList();
        if (deployed.Count > 0)
        {
            lines.Add("");
            lines.AddRange(TextTable.Lines(Deployed, deployed));
        }

        return lines;
    }

    private static string LastSeen(JsonElement machine) =>
        DeploymentFacts.Text(machine, "lastSeenAt") is { Length: > 0 } seen ? seen
        : DeploymentFacts.Text(machine, "codeUntil") is { Length: > 0 } until ? $"code until {until}"
        : "never";

    private static string Clock(JsonElement machine) =>
        machine.TryGetProperty("clockSkewMs", out var skew) && Math.Abs(skew.GetInt64()) >= NoteworthySkew
            ? string.Create(CultureInfo.InvariantCulture, $"{skew.GetInt64() / 1000.0:+0.#;-0.#} s")
            : "";

    private static string Services(JsonElement machine) =>
        string.Join(
            ' ',
            DeploymentFacts.List(machine, "services").Select(one => TerminalText.Safe(one.GetString() ?? ""))
        );
}
