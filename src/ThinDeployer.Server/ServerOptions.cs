using System.CommandLine;
using ThinDeployer.Configuration;

namespace ThinDeployer.Server;

/// <summary>The settings of the server, as switches of this command line.</summary>
internal static class ServerOptions
{
    private static readonly Dictionary<Switch, Option<string>> Options = Switches
        .All.Where(one => !one.IsVariableOnly)
        .ToDictionary(one => one, TextOption.Of);

    /// <summary>In the order in which help shows them.</summary>
    internal static IEnumerable<Option<string>> All => Of(_ => true);

    internal static Option<string> Of(Switch one) => Options[one];

    internal static IEnumerable<Option<string>> Of(Func<Switch, bool> isWanted) =>
        Switches.All.Where(one => !one.IsVariableOnly && isWanted(one)).Select(Of);

    /// <summary>The settings as the command line and the environment have them.</summary>
    /// <param name="parsed">Has the switches.</param>
    /// <param name="configuration">Wins over its switch; null for no such wish.</param>
    /// <param name="serves">Whether the server starts; else nothing is touched.</param>
    /// <param name="isAgent">Whether they are those of a machine that runs what a front orders.</param>
    internal static ServerSettings Read(
        ParseResult parsed,
        string? configuration = null,
        bool serves = false,
        bool isAgent = false
    ) =>
        ServerSettings.Read(
            one =>
                one == Switches.Configuration && configuration is not null ? configuration : ValueOf(parsed, Of(one)),
            Environment.GetEnvironmentVariable,
            serves,
            ServerSettings.VariableNames,
            isAgent: isAgent
        );

    private static string? ValueOf(ParseResult parsed, Option<string> option) =>
        parsed.GetResult(option) is { Implicit: false, Tokens: [] } ? "true" : parsed.GetValue(option);
}
