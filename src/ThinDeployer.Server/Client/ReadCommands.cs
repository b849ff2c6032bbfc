using System.Globalization;
using System.Text.Json;

namespace ThinDeployer.Server.Client;

/// <summary><c>list</c>, <c>status</c>, <c>log</c> and <c>cancel</c>.</summary>
internal static class ReadCommands
{
    /// <summary>Of the table that <c>list</c> prints.</summary>
    private static readonly string[] Heads = ["ID", "SERVICE", "STATUS", "ACCEPTED", "TOOK", "WHO"];

    /// <param name="query">Names and values; those without a value are left out.</param>
    /// <param name="call">How.</param>
    internal static async Task<int> ListAsync(IEnumerable<(string Name, string? Value)> query, ClientCall call)
    {
        var wanted = query
            .Where(pair => pair.Value is not null)
            .Select(pair => $"{pair.Name}={Uri.EscapeDataString(pair.Value!)}");
        var answer = await GetAsync($"deployments?{string.Join('&', wanted)}", call);
        var deployments = answer.Json("deployments").GetProperty("deployments");
        if (call.AsJson)
        {
            Console.Out.WriteLine(answer.Text);
            return ExitCode.Good;
        }

        List<string[]> rows = [Heads, .. deployments.EnumerateArray().Select(Row)];
        var widths = Heads.Select((_, column) => rows.Max(row => row[column].Length)).ToList();
        foreach (var row in rows)
        {
            var cells = row.Select((cell, column) => cell.PadRight(widths[column]));
            Console.Out.WriteLine(string.Join("  ", cells).TrimEnd());
        }

        return ExitCode.Good;
    }

    internal static async Task<int> StatusAsync(string id, ClientCall call)
    {
        var answer = await GetAsync($"deployments/{Uri.EscapeDataString(id)}", call);
        var deployment = answer.Json("status", "steps", "trigger");
        Console.Out.WriteLine(call.AsJson ? answer.Text : Description(deployment));
        return ExitCode.Good;
    }

    internal static async Task<int> LogAsync(string id, bool follows, ClientCall call)
    {
        if (follows)
        {
            await call.Following.ToEndAsync(id, "waiting", call.CancellationToken);
            return ExitCode.Good;
        }

        var answer = await GetAsync($"deployments/{Uri.EscapeDataString(id)}/log", call);
        if (!answer.IsGood)
        {
            throw ClientFailure.Refused(answer.Sentence);
        }

        Console.Out.Write(Console.IsOutputRedirected ? answer.Text : TerminalText.Safe(answer.Text));
        return ExitCode.Good;
    }

    internal static async Task<int> CancelAsync(string id, ClientCall call)
    {
        var answer = await call.Server.SendAsync(
            HttpMethod.Post,
            $"deployments/{Uri.EscapeDataString(id)}/cancel",
            content: null,
            call.CancellationToken
        );
        var status = answer.Json("status").GetProperty("status").GetString();
        Console.Out.WriteLine(
            call.AsJson ? answer.Text
            : status == "cancelled" ? $"Deployment {id} is cancelled"
            : $"Deployment {id} is being cancelled"
        );
        return ExitCode.Good;
    }

    private static Task<ServerAnswer> GetAsync(string path, ClientCall call) =>
        call.Server.SendAsync(HttpMethod.Get, path, content: null, call.CancellationToken);

    private static string[] Row(JsonElement deployment) =>
        [
            Text(deployment, "id"),
            Text(deployment, "service"),
            Text(deployment, "status"),
            Text(deployment, "acceptedAt"),
            Took(deployment),
            TerminalText.Safe(Text(deployment.GetProperty("trigger"), "who")),
        ];

    private static string Description(JsonElement deployment)
    {
        List<string> lines =
        [
            $"{Text(deployment, "service")} {Text(deployment, "status")} {Took(deployment)}".TrimEnd(),
            .. Steps(deployment, "steps"),
            .. Steps(deployment, "hooks"),
            .. PlaceholderNotes.Of(deployment),
        ];
        return string.Join('\n', lines.Select(TerminalText.Safe));
    }

    private static IEnumerable<string> Steps(JsonElement deployment, string member) =>
        deployment.TryGetProperty(member, out var steps)
            ? steps
                .EnumerateArray()
                .Select(step =>
                    $"  {HookOf(step)}{Text(step, "status")}  {Text(step, "command").TrimEnd()}  {Took(step)}".TrimEnd()
                )
            : [];

    private static string HookOf(JsonElement step) => Text(step, "hook") is { Length: > 0 } hook ? $"{hook}: " : "";

    private static string Took(JsonElement timed) =>
        timed.TryGetProperty("durationMs", out var milliseconds)
            ? string.Create(CultureInfo.InvariantCulture, $"{milliseconds.GetInt64() / 1000.0:0.0} s")
            : "";

    private static string Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out var member) ? member.GetString() ?? "" : "";
}
