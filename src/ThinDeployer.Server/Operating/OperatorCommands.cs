using System.CommandLine;
using ThinDeployer.Configuration;
using ThinDeployer.Operating.Diagnosis;
using ThinDeployer.Operating.Scaffolding;

namespace ThinDeployer.Server.Operating;

/// <summary>The commands for who runs the server: what is wrong, what would be right, and new tokens.</summary>
internal static class OperatorCommands
{
    private static readonly Argument<string> Path = Operand.New(
        "PATH",
        "file or folder [default: as the server's]",
        isNeeded: false
    );

    private static readonly Argument<string> Service = new("SERVICE") { Description = "the service" };

    private static readonly Option<bool> Json = new("--json") { Description = "print JSON" };
    private static readonly Option<bool> Agent = new("--agent")
    {
        Description = "as an agent reads it: without who deploys, when, and who is told",
    };

    private static readonly Option<bool> Hash = new("--hash")
    {
        Description = "also print its digest, for the configuration",
    };

    internal static IReadOnlyList<Command> All()
    {
        var configuration = ServerOptions.Of(Switches.Configuration);
        var validate = New(
            "validate",
            "Say what is wrong with a configuration, and where: exit code 0 or 78.",
            parsed =>
                Validate(
                    ServerOptions.Read(parsed, parsed.GetValue(Path), isAgent: parsed.GetValue(Agent)),
                    parsed.GetValue(Json)
                ),
            Path,
            configuration,
            Agent,
            Json
        );
        var explain = New(
            "explain",
            "Show what a service is, who its steps run as, and what they get.",
            parsed =>
            {
                _ = RunningServer.TakeEnvironment(ServerOptions.Read(parsed));
                return Explain(ServerOptions.Read(parsed), parsed.GetValue(Service)!, parsed.GetValue(Json));
            },
            Service,
            configuration,
            ServerOptions.Of(Switches.Data),
            Json
        );
        var token = new Command("token", "Tokens.");
        token.Subcommands.Add(
            New("new", "Make a token that nobody guesses.", parsed => NewToken(parsed.GetValue(Hash)), Hash)
        );
        var schema = New("schema", "Print the JSON Schema of the configuration, for editors.", _ => PrintSchema());
        return [validate, explain, token, schema, ImportCommand.New()];
    }

    private static int PrintSchema()
    {
        using var schema = typeof(OperatorCommands).Assembly.GetManifestResourceStream("deployer.schema.json")!;
        using var output = Console.OpenStandardOutput();
        schema.CopyTo(output);
        return ExitCode.Good;
    }

    private static int Validate(ServerSettings settings, bool asJson)
    {
        if (settings.Mistakes.Count > 0)
        {
            return Refusal.Say(string.Join("; ", settings.Mistakes));
        }

        var validation = Validation.Of(settings);
        Console.Out.WriteLine(asJson ? validation.ToJson() : validation.ToText());
        return validation.IsGood ? ExitCode.Good : ExitCode.Configuration;
    }

    private static int Explain(ServerSettings settings, string service, bool asJson)
    {
        if (settings.Mistakes.Count > 0)
        {
            return Refusal.Say(string.Join("; ", settings.Mistakes));
        }

        var validation = Validation.Of(settings);
        if (!validation.IsGood)
        {
            Console.Error.WriteLine(validation.ToText());
            return ExitCode.Configuration;
        }

        if (Explanation.Of(settings, service, out var reason) is not { } explanation)
        {
            return Refusal.Say(reason);
        }

        Console.Out.WriteLine(asJson ? explanation.ToJson() : explanation.ToText());
        return ExitCode.Good;
    }

    private static int NewToken(bool withHash)
    {
        var token = RandomToken.New();
        if (!withHash)
        {
            Console.Out.WriteLine(token);
            return ExitCode.Good;
        }

        Label("The token, for who calls:");
        Console.Out.WriteLine(token);
        Label("Its digest, for the configuration:");
        Console.Out.WriteLine(RandomToken.DigestOf(token));
        return ExitCode.Good;
    }

    /// <summary>For people only: a script that takes both streams gets what it always got.</summary>
    private static void Label(string text)
    {
        if (!Console.IsOutputRedirected)
        {
            Console.Error.WriteLine(text);
        }
    }

    private static Command New(string name, string description, Func<ParseResult, int> run, params Symbol[] symbols)
    {
        var command = new Command(name, description);
        foreach (var symbol in symbols)
        {
            if (symbol is Argument argument)
            {
                command.Arguments.Add(argument);
            }
            else
            {
                command.Options.Add((Option)symbol);
            }
        }

        command.SetAction(run);
        return command;
    }
}
