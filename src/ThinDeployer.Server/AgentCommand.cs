using System.CommandLine;

namespace ThinDeployer.Server;

/// <summary><c>agent</c>: this machine does what a front orders.</summary>
internal static class AgentCommand
{
    internal const string Name = "agent";

    /// <summary>A code that comes on the standard input is seen by nobody who lists processes.</summary>
    private const string StandardInput = "-";

    private static readonly Option<string> Join = TextOption.New(
        "--join",
        "join the front that made this code, once; - reads it from standard input",
        "CODE"
    );

    internal static Command New()
    {
        var agent = new Command(
            Name,
            "Run services of this machine as a front orders it; it listens nowhere unless --listen or --port says so."
        );
        agent.Options.Add(Join);
        foreach (var option in ServerOptions.All)
        {
            agent.Options.Add(option);
        }

        agent.SetAction((parsed, stop) => RunAsync(parsed, stop));
        return agent;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken stop)
    {
        var settings = ServerOptions.Read(parsed, serves: true, isAgent: true);
        if (settings.Mistakes.Count > 0)
        {
            return Refusal.Say(string.Join("; ", settings.Mistakes));
        }

        var code = parsed.GetValue(Join);
        if (code is StandardInput)
        {
            code = await Console.In.ReadLineAsync(stop) ?? "";
        }

        return await StandaloneServer.RunAsAgentAsync(settings, code, stop);
    }
}
