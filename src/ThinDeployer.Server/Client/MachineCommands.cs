using System.CommandLine;

namespace ThinDeployer.Server.Client;

/// <summary><c>machines list</c>, <c>add</c> and <c>remove</c>.</summary>
internal static class MachineCommands
{
    internal static Argument<string> NameArgument { get; } =
        new("NAME") { Description = "the machine, as services name it" };

    internal static async Task<int> ListAsync(ClientCall call)
    {
        var answer = await call.Questions.GetAsync("machines", call.CancellationToken);
        var told = answer.Json("machines");
        if (!call.AsJson && DeploymentFacts.Text(told, "trouble") is { Length: > 0 } trouble)
        {
            await Console.Error.WriteLineAsync($"Warning: nothing reaches a machine now: {trouble}");
        }

        var machines = told.GetProperty("machines");
        Console.Out.WriteLine(
            call.AsJson ? answer.Text
            : machines.GetArrayLength() == 0 ? "There is no machine"
            : string.Join('\n', MachineTable.Lines(machines))
        );
        return ExitCode.Good;
    }

    /// <summary>The code goes out alone, so that a script can take it.</summary>
    internal static async Task<int> AddAsync(ClientCall call)
    {
        var name = call.Parsed.GetValue(NameArgument)!;
        var answer = await call.Questions.AskAsync(
            HttpMethod.Post,
            "machines",
            () => new FormUrlEncodedContent([new("name", name)]),
            call.CancellationToken
        );
        var added = answer.Json("code");
        Console.Out.WriteLine(call.AsJson ? answer.Text : DeploymentFacts.Text(added, "code"));
        await Console.Error.WriteLineAsync(
            $"This code is shown once, and is good until {DeploymentFacts.Text(added, "until")}. "
                + $"On {TerminalText.Safe(name)}: thin-deployer agent --join CODE"
        );
        return ExitCode.Good;
    }

    internal static async Task<int> RemoveAsync(ClientCall call)
    {
        var name = call.Parsed.GetValue(NameArgument)!;
        var answer = await call.Questions.AskAsync(
            HttpMethod.Delete,
            $"machines/{Uri.EscapeDataString(name)}",
            () => null,
            call.CancellationToken
        );
        _ = answer.Json("message");
        Console.Out.WriteLine(call.AsJson ? answer.Text : $"Machine {TerminalText.Safe(name)} is removed");
        return ExitCode.Good;
    }
}
