using System.CommandLine;
using ThinDeployer.Configuration;
using ThinDeployer.Server.Client;
using ThinDeployer.Server.Operating;

namespace ThinDeployer.Server;

/// <summary>The command line of the program: without a command, it serves.</summary>
internal static class CommandLine
{
    /// <summary>The library would end the process 2 s after SIGTERM; the host decides when it ends.</summary>
    private static readonly InvocationConfiguration OurInvocation = new()
    {
        ProcessTerminationTimeout = null,
        EnableDefaultExceptionHandler = false,
    };

    private static readonly ParserConfiguration OurParsing = new() { ResponseFileTokenReplacer = null };

    /// <returns>The exit code of the program.</returns>
    internal static async Task<int> RunAsync(string[] arguments)
    {
        var root = new RootCommand(
            "Runs your deployment commands when an authorised HTTP call asks for it.\n"
                + "Each switch can also be an environment variable: "
                + $"{ServerOptions.Of(Switches.MaximumBody).Name} is {Switches.MaximumBody.Variable}."
        );
        foreach (var option in ServerOptions.All)
        {
            root.Options.Add(option);
        }

        Command[] commands =
        [
            .. ClientCommands.All,
            AgentCommand.New(),
            InitCommand.New(),
            .. OperatorCommands.All(),
            .. RequestCommands.All(),
            DoctorCommand.New(),
            PingCommand.New(),
            .. BackupCommands.All(),
        ];
        foreach (var command in commands)
        {
            root.Subcommands.Add(command);
        }

        root.Subcommands.Add(Completion.New(root));
        GroupedHelp.AddTo(root);

        root.SetAction((result, _) => StartAsync(result));
        var parsed = root.Parse(WordCommands.AsSwitches(arguments), OurParsing);
        return parsed.Errors.Count == 0 || GroupedHelp.IsWanted(parsed)
            ? await parsed.InvokeAsync(OurInvocation)
            : Refusal.Say(Misspelling.Of(parsed) ?? parsed.Errors[0].Message);
    }

    private static async Task<int> StartAsync(ParseResult parsed)
    {
        var settings = ServerOptions.Read(parsed, serves: true);
        return settings.Mistakes.Count > 0
            ? Refusal.Say(string.Join("; ", settings.Mistakes))
            : await StandaloneServer.RunAsync(settings);
    }
}
