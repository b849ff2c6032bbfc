using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace ThinDeployer.Server;

/// <summary>The help of the program itself: below its switches the commands, by what one wants.</summary>
internal sealed class GroupedHelp : SynchronousCommandLineAction
{
    private const string Rest = "Set up and look for what is wrong";

    private static readonly (string Head, string[] Commands)[] Groups =
    [
        ("Ask a server", ["list", "live", "status", "log", "outbox", "audit"]),
        ("Act on a server", ["deploy", "rerun", "rollback", "cancel", "machines"]),
        ("Decide on a server", ["approve", "reject", "pause", "resume"]),
        ("Help", ["help", "version"]),
    ];

    private readonly RootCommand _root;
    private readonly SynchronousCommandLineAction _usual;

    private GroupedHelp(RootCommand root, SynchronousCommandLineAction usual)
    {
        _root = root;
        _usual = usual;
    }

    /// <param name="root">With all its commands.</param>
    internal static void AddTo(RootCommand root)
    {
        foreach (var word in WordCommands.All)
        {
            root.Subcommands.Add(word);
        }

        var option = root.Options.OfType<HelpOption>().Single();
        option.Action = new GroupedHelp(root, (SynchronousCommandLineAction)option.Action!);
    }

    /// <summary>Whether help is asked for, of a command that there is: what else is missing does not matter then.</summary>
    internal static bool IsWanted(ParseResult parsed) => parsed is { Action: GroupedHelp, UnmatchedTokens: [] };

    public override int Invoke(ParseResult parseResult)
    {
        if (parseResult.CommandResult.Command != _root)
        {
            return _usual.Invoke(parseResult);
        }

        // They stand below, in groups, and not in one long list.
        foreach (var command in _root.Subcommands)
        {
            command.Hidden = true;
        }

        var code = _usual.Invoke(parseResult);
        parseResult.InvocationConfiguration.Output.Write(Text());
        return code;
    }

    private string Text()
    {
        var width = _root.Subcommands.Max(command => command.Name.Length);
        var listed = Groups.SelectMany(group => group.Commands).Append(AgentCommand.Name).ToHashSet();
        var rest = _root.Subcommands.Where(command => !listed.Contains(command.Name)).Select(command => command.Name);
        List<(string Head, IEnumerable<string> Commands)> groups =
        [
            .. Groups.SkipLast(1).Select(group => (group.Head, (IEnumerable<string>)group.Commands)),
            (Rest, rest),
            (Groups[^1].Head, Groups[^1].Commands),
        ];
        return "Serve:\n  without a command, by the options above\n"
            + $"{Line(AgentCommand.Name)}\n"
            + string.Concat(groups.Select(group => $"{group.Head}:\n{string.Concat(group.Commands.Select(Line))}\n"));

        string Line(string name) =>
            $"  {name.PadRight(width)}  {Short(_root.Subcommands.Single(command => command.Name == name))}\n";
    }

    /// <summary>Exit codes are told by the command's own help.</summary>
    private static string Short(Command command) =>
        (command.Description ?? "").Split(": exit code") is [var before, _] ? $"{before}." : command.Description ?? "";
}
