using System.CommandLine;
using System.Globalization;
using System.Text.Json;

namespace ThinDeployer.Server.Client;

/// <summary><c>deploy</c>, <c>rerun</c> and <c>rollback</c>: begin a deployment and follow it.</summary>
internal static class DeployCommand
{
    internal static Option<bool> NoWaitOption { get; } =
        new("--no-wait") { Description = "print the id of the deployment, and don't follow it" };

    internal static Option<bool> AllowSkipOption { get; } =
        new("--allow-skip") { Description = "exit code 0, not 4, when the server's rules want no deployment" };

    /// <param name="service">Whose.</param>
    /// <param name="values">For placeholders, each <c>NAME=VALUE</c>.</param>
    /// <param name="call">How.</param>
    internal static Task<int> DeployAsync(string service, IReadOnlyList<string> values, ClientCall call)
    {
        var pairs = values.Select(Pair).ToList();
        return BeginAsync($"deploy/{Uri.EscapeDataString(service)}", () => new FormUrlEncodedContent(pairs), call);
    }

    internal static async Task<int> RerunAsync(string id, ClientCall call) =>
        await BeginAsync($"deployments/{await WholeId.OfAsync(id, call)}/rerun", () => null, call);

    /// <param name="service">Whose.</param>
    /// <param name="id">What to go back to, or what is enough of it; null for what was live before.</param>
    /// <param name="machine">The only one; null for all of the service.</param>
    /// <param name="call">How.</param>
    internal static Task<int> RollBackAsync(string service, string? id, string? machine, ClientCall call) =>
        BeginAsync(
            QueryText.Of($"services/{Uri.EscapeDataString(service)}/rollback", ("to", id), ("machine", machine)),
            () => null,
            call
        );

    private static KeyValuePair<string, string> Pair(string value)
    {
        var equals = value.IndexOf('=', StringComparison.Ordinal);
        return equals > 0 && value[..equals] is not "token"
            ? new KeyValuePair<string, string>(value[..equals], value[(equals + 1)..])
            : throw ClientFailure.Refused(
                equals > 0
                    ? "a token does not belong into the command line, where others can see it; use --token-file"
                    : $"\"{value}\" must be NAME=VALUE"
            );
    }

    private static async Task<int> BeginAsync(string path, Func<HttpContent?> body, ClientCall call)
    {
        var answer = await call.Questions.AskAsync(
            HttpMethod.Post,
            path,
            body,
            call.CancellationToken,
            [("Prefer", "respond-async"), ("Accept", "application/json"), .. AsStep(call)]
        );
        var json = answer.Json();
        if (!json.TryGetProperty("id", out var member) || member.GetString() is not { } id)
        {
            return Skipped(answer, call);
        }

        if (call.Parsed.GetValue(NoWaitOption))
        {
            Console.Out.WriteLine(call.AsJson ? answer.Text : id);
            PlaceholderNotes.Of(json).ForEach(Console.Error.WriteLine);
            return ExitCode.Good;
        }

        await Console.Error.WriteLineAsync($"Deployment {id}");
        PlaceholderNotes.Of(json).ForEach(Console.Error.WriteLine);
        return await call.Following.ToEndAsync(id, Waits(json), call.CancellationToken);
    }

    /// <summary>Nothing was to be done: the rules say so.</summary>
    private static int Skipped(ServerAnswer answer, ClientCall call)
    {
        var reason = answer.Member("reason") ?? answer.Member("output") ?? throw answer.NotOurs();
        if (call.AsJson)
        {
            Console.Out.WriteLine(answer.Text);
        }
        else
        {
            Console.Error.WriteLine(TerminalText.Safe($"Nothing to deploy: {reason}"));
        }

        return call.Parsed.GetValue(AllowSkipOption) ? ExitCode.Good : ExitCode.Skipped;
    }

    /// <summary>In a step that will wait: the server tells when it would do so in vain.</summary>
    private static IEnumerable<(string, string)> AsStep(ClientCall call) =>
        Environment.GetEnvironmentVariable("DEPLOYMENT_ID") is { Length: > 0 } id && !call.Parsed.GetValue(NoWaitOption)
            ? [("X-Deployment-Id", id)]
            : [];

    private static string Waits(JsonElement accepted) =>
        DecisionCommands.WaitOf(accepted) is { Length: > 0 } wait ? wait.TrimStart(',', ' ')
        : accepted.TryGetProperty("queuedAhead", out var ahead)
            ? string.Create(CultureInfo.InvariantCulture, $"queued, {ahead.GetInt32()} before it")
        : "starting";
}
