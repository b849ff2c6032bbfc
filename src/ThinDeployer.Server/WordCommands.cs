using System.CommandLine;

namespace ThinDeployer.Server;

/// <summary><c>help</c> and <c>version</c> as words, as many programs know them.</summary>
internal static class WordCommands
{
    private const string Help = "help";
    private const string Version = "version";

    /// <summary>So that they are completed and listed; they never run.</summary>
    internal static IReadOnlyList<Command> All { get; } =
    [
        new Command(Help, "Show this, or what a command does: thin-deployer help COMMAND."),
        new Command(Version, "Show the version of this program."),
    ];

    /// <summary>The same with the switches in their stead.</summary>
    internal static string[] AsSwitches(string[] arguments) =>
        arguments switch
        {
            [Help, .. var command] => [.. command, "--help"],
            [Version] => ["--version"],
            _ => arguments,
        };
}
