using System.CommandLine;
using ThinDeployer.Yaml;

namespace ThinDeployer.Server;

/// <summary>What somebody most likely meant who wrote a command or a switch that there is not.</summary>
internal static class Misspelling
{
    /// <summary>A part of a sentence; null where nothing is near.</summary>
    internal static string? Of(ParseResult parsed)
    {
        if (parsed.UnmatchedTokens is not [var written, ..])
        {
            return null;
        }

        var command = parsed.CommandResult.Command;
        var isSwitch = written.StartsWith('-');
        var known = isSwitch
            ? command.Options.Select(option => option.Name)
            : command.Subcommands.Select(sub => sub.Name);
        return NearestName.Of(written, known) is { } nearest
            ? $"there is no {(isSwitch ? "switch" : "command")} {Quote.Of(written)}; did you mean {Quote.Of(nearest)}?"
            : null;
    }
}
