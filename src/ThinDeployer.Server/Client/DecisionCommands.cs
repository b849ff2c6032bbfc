using System.CommandLine;
using System.Text.Json;

namespace ThinDeployer.Server.Client;

/// <summary><c>approve</c>, <c>reject</c>, <c>pause</c> and <c>resume</c>.</summary>
internal static class DecisionCommands
{
    /// <summary>What stands for all services in a path of the API.</summary>
    private const string Every = "*";

    internal static Argument<string?> ServiceArgument { get; } =
        new("SERVICE") { Description = "the service", Arity = ArgumentArity.ZeroOrOne };

    internal static Option<bool> AllOption { get; } = new("--all") { Description = "all services" };

    internal static Option<string> ReasonOption { get; } =
        TextOption.New("--reason", "why, for others to read", "TEXT");

    internal static Option<string> UntilOption { get; } =
        TextOption.New("--until", "so long, such as 2h, or until a time such as 2026-12-24T18:00:00Z", "WHEN");

    internal static Option<bool> RefuseOption { get; } =
        new("--refuse") { Description = "new deployments are refused; else they wait" };

    /// <param name="what"><c>approve</c> or <c>reject</c>.</param>
    /// <param name="id">As it is written.</param>
    /// <param name="call">How.</param>
    internal static async Task<int> DecideAsync(string what, string id, ClientCall call)
    {
        var whole = await WholeId.OfAsync(id, call);
        var answer = await AskAsync($"deployments/{whole}/{what}", call, []);
        var deployment = answer.Json("status");
        Say(answer, call, $"Deployment {whole} is {deployment.GetProperty("status").GetString()}{WaitOf(deployment)}");
        return ExitCode.Good;
    }

    /// <param name="what"><c>pause</c> or <c>resume</c>.</param>
    /// <param name="call">How.</param>
    internal static async Task<int> HoldAsync(string what, ClientCall call)
    {
        var service = call.Parsed.GetValue(ServiceArgument);
        if (service is null != call.Parsed.GetValue(AllOption))
        {
            throw ClientFailure.Refused("name a service, or give --all");
        }

        var more = new List<KeyValuePair<string, string>>();
        if (what == "pause")
        {
            if (call.Parsed.GetValue(UntilOption) is { } until)
            {
                more.Add(new("until", until));
            }

            if (call.Parsed.GetValue(RefuseOption))
            {
                more.Add(new("mode", "refuse"));
            }
        }

        var answer = await AskAsync($"services/{Uri.EscapeDataString(service ?? Every)}/{what}", call, more);
        var name = service ?? "All services";
        var isPaused = answer.Json("service").TryGetProperty("paused", out _);
        Say(answer, call, $"{name}: {(isPaused ? "paused" : "not paused")}");
        return ExitCode.Good;
    }

    /// <summary>With a comma in front; empty for what does not wait.</summary>
    internal static string WaitOf(JsonElement deployment) =>
        deployment.TryGetProperty("waitsFor", out var wait) && wait.TryGetProperty("message", out var message)
            ? $", {message.GetString()}"
            : "";

    private static Task<ServerAnswer> AskAsync(
        string path,
        ClientCall call,
        IReadOnlyList<KeyValuePair<string, string>> more
    )
    {
        var reason = call.Parsed.GetValue(ReasonOption);
        List<KeyValuePair<string, string>> pairs = reason is null ? [.. more] : [new("reason", reason), .. more];
        return call.Questions.AskAsync(
            HttpMethod.Post,
            path,
            () => new FormUrlEncodedContent(pairs),
            call.CancellationToken
        );
    }

    private static void Say(ServerAnswer answer, ClientCall call, string line) =>
        Console.Out.WriteLine(call.AsJson ? answer.Text : TerminalText.Safe(line));
}
