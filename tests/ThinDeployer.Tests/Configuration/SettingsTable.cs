using ThinDeployer.Configuration;

namespace ThinDeployer.Tests.Configuration;

/// <summary>The tables of docs/configuration.md that are made of the settings.</summary>
internal static class SettingsTable
{
    private const string Columns = " | default | range | what it is |\n";

    internal static readonly string Repository = Path.GetFullPath(
        Path.Combine(AppContext.BaseDirectory, "..", "..", "..", "..", "..")
    );

    /// <summary>The document with the tables as they should be, where there are any of these heads.</summary>
    internal static string PutInto(string document) =>
        PutInto(PutInto(document, "| switch", one => !one.IsVariableOnly), "| variable", one => one.IsVariableOnly);

    private static string PutInto(string document, string head, Func<Switch, bool> isWanted)
    {
        var begin = document.IndexOf(head + Columns, StringComparison.Ordinal);
        Assert.True(begin >= 0, head + Columns);
        var end = document.IndexOf("\n\n", begin, StringComparison.Ordinal) + 1;
        var rows = Switches.All.Where(isWanted).Select(Row);
        return $"{document[..begin]}{head}{Columns}|---|---|---|---|\n{string.Concat(rows)}{document[end..]}";
    }

    private static string Row(Switch one)
    {
        var name =
            one.IsVariableOnly ? one.Variable
            : one.MayStandAlone ? $"--{one.Name}"
            : $"--{one.Name} {one.ValueName}";
        var folders = one.StandIns.Select(standIn => Path.Join("$" + standIn.Variable, standIn.Below));
        string[] defaults = [.. folders.Append(one.Default).OfType<string>().Select(text => $"`{text}`")];
        var shown = defaults.Length == 0 ? one.WithoutDefault ?? "none" : string.Join(", else ", defaults);
        return $"| `{name}` | {shown} | {one.Range} | {one.Help} |\n";
    }
}
