namespace ThinDeployer.Server.Client;

/// <summary><c>list</c>, <c>live</c>, <c>status</c>, <c>log</c>, <c>outbox</c>, <c>audit</c> and <c>cancel</c>.</summary>
internal static class ReadCommands
{
    /// <param name="query">Names and values; those without a value are left out.</param>
    /// <param name="call">How.</param>
    internal static async Task<int> ListAsync(IEnumerable<(string Name, string? Value)> query, ClientCall call)
    {
        var answer = await call.Questions.GetAsync(QueryText.Of("deployments", query), call.CancellationToken);
        var deployments = answer.Json("deployments").GetProperty("deployments");
        Console.Out.WriteLine(
            call.AsJson ? answer.Text : string.Join('\n', DeploymentTable.Lines(deployments.EnumerateArray()))
        );
        return ExitCode.Good;
    }

    /// <param name="service">Null for all.</param>
    /// <param name="call">How.</param>
    internal static async Task<int> LiveAsync(string? service, ClientCall call)
    {
        var answer = await call.Questions.GetAsync("services", call.CancellationToken);
        var services = answer
            .Json("services")
            .GetProperty("services")
            .EnumerateArray()
            .Where(one => service is null || one.GetProperty("name").GetString() == service)
            .ToList();
        if (service is not null && services.Count == 0)
        {
            throw ClientFailure.Refused($"there is no service \"{service}\", or this token does not open it");
        }

        Console.Out.WriteLine(
            call.AsJson ? (service is null ? answer.Text : services[0].GetRawText())
            : services.Count == 0 ? "There is no service"
            : string.Join('\n', LiveTable.Lines(services))
        );
        return ExitCode.Good;
    }

    internal static async Task<int> StatusAsync(string id, ClientCall call)
    {
        var answer = await WholeId.FindAsync(id, call);
        var deployment = answer.Json("status", "steps", "trigger");
        Console.Out.WriteLine(call.AsJson ? answer.Text : string.Join('\n', DeploymentDescription.Lines(deployment)));
        return ExitCode.Good;
    }

    /// <param name="id">As it is written.</param>
    /// <param name="machine">Whose part of it; null for all.</param>
    /// <param name="follows">Whether to its end.</param>
    /// <param name="call">How.</param>
    internal static async Task<int> LogAsync(string id, string? machine, bool follows, ClientCall call)
    {
        var whole = machine is null ? await WholeId.OfAsync(id, call) : await WholeId.OnMachineAsync(id, machine, call);
        if (follows)
        {
            await call.Following.ToEndAsync(whole, "waiting", call.CancellationToken);
            return ExitCode.Good;
        }

        var answer = await call.Questions.GetAsync($"deployments/{whole}/log", call.CancellationToken);
        if (!answer.IsGood)
        {
            throw ClientFailure.Refused(answer.Sentence);
        }

        Console.Out.Write(Console.IsOutputRedirected ? answer.Text : TerminalText.Safe(answer.Text));
        return ExitCode.Good;
    }

    internal static async Task<int> OutboxAsync(ClientCall call)
    {
        var answer = await call.Questions.GetAsync("outbox", call.CancellationToken);
        var outbox = answer.Json("waiting", "notTold");
        Console.Out.WriteLine(call.AsJson ? answer.Text : string.Join('\n', OutboxTable.Lines(outbox)));
        return ExitCode.Good;
    }

    /// <param name="query">As of <see cref="ListAsync"/>.</param>
    /// <param name="call">How.</param>
    internal static async Task<int> AuditAsync(IEnumerable<(string Name, string? Value)> query, ClientCall call)
    {
        var answer = await call.Questions.GetAsync(QueryText.Of("audit", query), call.CancellationToken);
        var entries = answer.Json("audit").GetProperty("audit").EnumerateArray().Reverse();
        foreach (var entry in entries)
        {
            Console.Out.WriteLine(entry.GetRawText());
        }

        return ExitCode.Good;
    }

    internal static async Task<int> CancelAsync(string id, ClientCall call)
    {
        var whole = await WholeId.OfAsync(id, call);
        var answer = await call.Questions.AskAsync(
            HttpMethod.Post,
            $"deployments/{whole}/cancel",
            () => null,
            call.CancellationToken
        );
        var status = answer.Json("status").GetProperty("status").GetString();
        Console.Out.WriteLine(
            call.AsJson ? answer.Text
            : status == "cancelled" ? $"Deployment {whole} is cancelled"
            : $"Deployment {whole} is being cancelled"
        );
        return ExitCode.Good;
    }
}
