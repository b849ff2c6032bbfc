using System.CommandLine;
using System.Globalization;
using System.Text.Json;

namespace ThinDeployer.Server.Client;

/// <summary><c>deploy</c> and <c>rerun</c>: begin a deployment and follow it.</summary>
internal static class DeployCommand
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(60);

    internal static Option<bool> NoWaitOption { get; } =
        new("--no-wait") { Description = "print the id of the deployment, and don't follow it" };

    internal static Option<string> PatienceOption { get; } =
        new("--patience")
        {
            Description = "how long the server may be away or busy, such as 30s [default: 5m]",
            HelpName = "DURATION",
            Arity = ArgumentArity.ExactlyOne,
        };

    /// <param name="service">Whose.</param>
    /// <param name="values">For placeholders, each <c>NAME=VALUE</c>.</param>
    /// <param name="call">How.</param>
    internal static Task<int> DeployAsync(string service, IReadOnlyList<string> values, ClientCall call)
    {
        var pairs = values.Select(Pair).ToList();
        return BeginAsync($"deploy/{Uri.EscapeDataString(service)}", () => new FormUrlEncodedContent(pairs), call);
    }

    internal static Task<int> RerunAsync(string id, ClientCall call) =>
        BeginAsync($"deployments/{Uri.EscapeDataString(id)}/rerun", () => null, call);

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
        var answer = await AcceptedAsync(path, body, call);
        var json = answer.Json();
        if (!json.TryGetProperty("id", out var member) || member.GetString() is not { } id)
        {
            // Nothing was to be done: the sender's rules say so.
            Console.Out.WriteLine(call.AsJson ? answer.Text : answer.Member("output"));
            return ExitCode.Good;
        }

        if (call.Parsed.GetValue(NoWaitOption))
        {
            Console.Out.WriteLine(call.AsJson ? answer.Text : id);
            return ExitCode.Good;
        }

        await Console.Error.WriteLineAsync($"Deployment {id}");
        return await call.Following.ToEndAsync(id, Waits(json), call.CancellationToken);
    }

    /// <summary>A server that says "not now" has not accepted anything, so it can be asked again.</summary>
    private static async Task<ServerAnswer> AcceptedAsync(string path, Func<HttpContent?> body, ClientCall call)
    {
        var begin = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var answer = await call.Server.SendAsync(
                HttpMethod.Post,
                path,
                body(),
                call.CancellationToken,
                [("Prefer", "respond-async"), ("Accept", "application/json"), .. AsStep(call)]
            );
            var pause = Pause(answer.RetryAfter);
            if (answer.Status is not (429 or 503) || TimeProvider.System.GetElapsedTime(begin) + pause > call.Patience)
            {
                return answer;
            }

            await Console.Error.WriteLineAsync(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{answer.Sentence}; trying again in {pause.TotalSeconds:0} s"
                )
            );
            await Task.Delay(pause, TimeProvider.System, call.CancellationToken);
        }
    }

    /// <summary>In a step that will wait: the server tells when it would do so in vain.</summary>
    private static IEnumerable<(string, string)> AsStep(ClientCall call) =>
        Environment.GetEnvironmentVariable("DEPLOYMENT_ID") is { Length: > 0 } id && !call.Parsed.GetValue(NoWaitOption)
            ? [("X-Deployment-Id", id)]
            : [];

    private static TimeSpan Pause(TimeSpan? asked)
    {
        var pause = asked ?? ShortestPause;
        return pause < ShortestPause ? ShortestPause
            : pause > LongestPause ? LongestPause
            : pause;
    }

    private static string Waits(JsonElement accepted) =>
        accepted.TryGetProperty("queuedAhead", out var ahead)
            ? string.Create(CultureInfo.InvariantCulture, $"queued, {ahead.GetInt32()} before it")
            : "starting";
}
