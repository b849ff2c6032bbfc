using System.CommandLine;

namespace ThinDeployer.Server.Client;

/// <summary>The commands that speak to a running server.</summary>
internal static class ClientCommands
{
    private static readonly Argument<string> Service = new("SERVICE") { Description = "the service to deploy" };

    private static readonly Argument<string[]> Values = new("NAME=VALUE")
    {
        Description = "values of placeholders",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private static readonly Argument<string> Id = new("ID")
    {
        Description = "the id of a deployment, its beginning, or latest",
    };

    private static readonly Argument<string> OfOne = new("SERVICE") { Description = "the service" };

    private static readonly Argument<string?> OfOneOrAll = new("SERVICE")
    {
        Description = "the service; without, all of them",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Argument<string?> Earlier = new("ID")
    {
        Description = "the id of an earlier deployment that succeeded, or its beginning; without, what was live before",
        Arity = ArgumentArity.ZeroOrOne,
    };

    /// <summary>Where an id may be <c>latest</c>.</summary>
    internal static Option<string> LatestOf { get; } =
        TextOption.New("--service", "with latest: of this service", "SERVICE");

    private static readonly Option<string> OfService = TextOption.New(
        "--service",
        "only those of this service",
        "SERVICE"
    );
    private static readonly Option<string> OfStatus = TextOption.New(
        "--status",
        "only those that stand so, such as failed",
        "STATUS"
    );
    private static readonly Option<string> OfAction = TextOption.New("--what", "only this, such as cancel", "ACTION");
    private static readonly Option<string> Since = TextOption.New(
        "--since",
        "only since then, such as 2026-01-31",
        "TIME"
    );
    private static readonly Option<string> Before = TextOption.New("--before", "only before this one", "NUMBER");
    private static readonly Option<string> Limit = TextOption.New("--limit", "at most so many [default: 50]", "NUMBER");
    private static readonly Option<string> OnMachine = TextOption.New(
        "--machine",
        "of a service on several machines: on this one only",
        "NAME"
    );
    private static readonly Option<bool> Follow = new("--follow", "-f") { Description = "go on until it has ended" };

    internal static IReadOnlyList<Command> All { get; } =
    [
        New(
            "deploy",
            "Deploy a service, and follow it: exit code 0 when it succeeded, 1 when not, 2 when refused, 3 when the server "
                + "is not reached, 4 when the service's rules want no deployment.",
            call => DeployCommand.DeployAsync(call.Parsed.GetValue(Service)!, call.Parsed.GetValue(Values) ?? [], call),
            Service,
            Values,
            DeployCommand.AllowSkipOption,
            DeployCommand.NoWaitOption
        ),
        New(
            "list",
            "Show deployments, the newest first.",
            call =>
                ReadCommands.ListAsync(
                    [
                        ("service", call.Parsed.GetValue(OfService)),
                        ("status", call.Parsed.GetValue(OfStatus)),
                        ("limit", call.Parsed.GetValue(Limit)),
                    ],
                    call
                ),
            OfService,
            OfStatus,
            Limit
        ),
        New(
            "live",
            "Show what is deployed now: the version, since when, and by whom.",
            call => ReadCommands.LiveAsync(call.Parsed.GetValue(OfOneOrAll), call),
            OfOneOrAll
        ),
        New(
            "audit",
            "Show who did what, as JSON, one a line, the newest last.",
            call =>
                ReadCommands.AuditAsync(
                    [
                        ("service", call.Parsed.GetValue(OfService)),
                        ("what", call.Parsed.GetValue(OfAction)),
                        ("since", call.Parsed.GetValue(Since)),
                        ("before", call.Parsed.GetValue(Before)),
                        ("limit", call.Parsed.GetValue(Limit)),
                    ],
                    call
                ),
            OfService,
            OfAction,
            Since,
            Before,
            Limit
        ),
        Group(
            "machines",
            "See and change on which machines this server deploys.",
            New("list", "Show the machines, and what is deployed on each.", MachineCommands.ListAsync),
            New(
                "add",
                "Add a machine, and print the code that it joins by, once; again for a new code.",
                MachineCommands.AddAsync,
                MachineCommands.NameArgument
            ),
            New(
                "remove",
                "Remove a machine: its login, and what waits for it.",
                MachineCommands.RemoveAsync,
                MachineCommands.NameArgument
            )
        ),
        New("outbox", "Show what people were not told yet, and why.", ReadCommands.OutboxAsync),
        New(
            "status",
            "Show how a deployment stands.",
            call => ReadCommands.StatusAsync(call.Parsed.GetValue(Id)!, call),
            Id,
            LatestOf
        ),
        New(
            "log",
            "Show what a deployment printed.",
            call =>
                ReadCommands.LogAsync(
                    call.Parsed.GetValue(Id)!,
                    call.Parsed.GetValue(OnMachine),
                    call.Parsed.GetValue(Follow),
                    call
                ),
            Id,
            LatestOf,
            OnMachine,
            Follow
        ),
        New(
            "cancel",
            "Stop a deployment, or take it out of the queue.",
            call => ReadCommands.CancelAsync(call.Parsed.GetValue(Id)!, call),
            Id,
            LatestOf
        ),
        New(
            "approve",
            "Let a deployment begin that waits for an approval, or, with a reason, for its window; or its next batch of machines.",
            call => DecisionCommands.DecideAsync("approve", call.Parsed.GetValue(Id)!, call),
            Id,
            LatestOf,
            DecisionCommands.ReasonOption
        ),
        New(
            "reject",
            "Say no to a deployment that waits for an approval, which ends it.",
            call => DecisionCommands.DecideAsync("reject", call.Parsed.GetValue(Id)!, call),
            Id,
            LatestOf,
            DecisionCommands.ReasonOption
        ),
        New(
            "pause",
            "Begin nothing of a service, or of all, until it is resumed.",
            call => DecisionCommands.HoldAsync("pause", call),
            DecisionCommands.ServiceArgument,
            DecisionCommands.AllOption,
            DecisionCommands.ReasonOption,
            DecisionCommands.UntilOption,
            DecisionCommands.RefuseOption
        ),
        New(
            "resume",
            "Let a paused service, or all, go on.",
            call => DecisionCommands.HoldAsync("resume", call),
            DecisionCommands.ServiceArgument,
            DecisionCommands.AllOption,
            DecisionCommands.ReasonOption
        ),
        New(
            "rerun",
            "Deploy again with the values of an old deployment, and follow it as deploy does.",
            call => DeployCommand.RerunAsync(call.Parsed.GetValue(Id)!, call),
            Id,
            LatestOf,
            DeployCommand.NoWaitOption
        ),
        New(
            "rollback",
            "Go back to an earlier version of a service, and follow it as deploy does.",
            call =>
                DeployCommand.RollBackAsync(
                    call.Parsed.GetValue(OfOne)!,
                    call.Parsed.GetValue(Earlier),
                    call.Parsed.GetValue(OnMachine),
                    call
                ),
            OfOne,
            Earlier,
            OnMachine,
            DeployCommand.NoWaitOption
        ),
    ];

    private static Command Group(string name, string description, params Command[] commands)
    {
        var group = new Command(name, description);
        foreach (var command in commands)
        {
            group.Subcommands.Add(command);
        }

        return group;
    }

    private static Command New(
        string name,
        string description,
        Func<ClientCall, Task<int>> run,
        params Symbol[] symbols
    )
    {
        var command = new Command(name, description);
        foreach (var argument in symbols.OfType<Argument>())
        {
            command.Arguments.Add(argument);
        }

        foreach (
            var option in symbols
                .OfType<Option>()
                .Concat([
                    ClientSettings.ServerOption,
                    ClientSettings.TokenFileOption,
                    ClientCall.PatienceOption,
                    ClientCall.JsonOption,
                ])
        )
        {
            command.Options.Add(option);
        }

        command.SetAction((parsed, cancellationToken) => RunAsync(parsed, run, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(
        ParseResult parsed,
        Func<ClientCall, Task<int>> run,
        CancellationToken cancellationToken
    )
    {
        try
        {
            using var call = new ClientCall(parsed, cancellationToken);
            return await run(call);
        }
        catch (ClientFailure failure)
        {
            await Console.Error.WriteLineAsync($"thin-deployer: {failure.Message}");
            return failure.Code;
        }
    }
}
