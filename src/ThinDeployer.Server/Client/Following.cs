using System.Runtime.InteropServices;
using System.Text.Json;

namespace ThinDeployer.Server.Client;

/// <summary>Follows a deployment to its end, shows it, and says by the exit code how it ended.</summary>
/// <param name="patience">How long the server may be away.</param>
/// <param name="asJson">Whether standard output is for the deployment as JSON, and for nothing else.</param>
internal sealed class Following(ServerConnection server, TimeSpan patience, bool asJson)
{
    /// <summary>The log of a CI job is not left without a word for longer; at a terminal a line tells all the time.</summary>
    private static readonly TimeSpan LongestSilence = TimeSpan.FromMinutes(1);

    /// <param name="id">Of the deployment.</param>
    /// <param name="waits">What to say of it until it begins.</param>
    /// <param name="cancellationToken">Ends the following, not the deployment.</param>
    /// <returns>The exit code of the program.</returns>
    internal async Task<int> ToEndAsync(string id, string waits, CancellationToken cancellationToken)
    {
        var view = View(waits);
        using var clock = view as TerminalView;
        using var interrupted = Said(PosixSignal.SIGINT, id);
        using var terminated = Said(PosixSignal.SIGTERM, id);
        JsonElement? end = null;
        await using var silence = clock is not null
            ? null
            : TimeProvider.System.CreateTimer(
                _ => view.Tell($"Nothing new for a minute; waits for deployment {id} to go on or end"),
                state: null,
                LongestSilence,
                LongestSilence
            );
        await foreach (var next in new LogEvents(server, id, patience, view.Tell).ReadAsync(cancellationToken))
        {
            silence?.Change(LongestSilence, LongestSilence);
            view.Show(next);
            end = next.Type == "end" ? next.Data : null;
        }

        var deployment = end!.Value;
        view.TellEnd(deployment);
        if (asJson)
        {
            Console.Out.WriteLine(deployment.GetRawText());
        }

        return deployment.GetProperty("status").GetString() == "succeeded" ? ExitCode.Good : ExitCode.Failed;
    }

    private FollowView View(string waits)
    {
        var output = asJson ? Console.Error : Console.Out;
        var isTerminal = !(asJson ? Console.IsErrorRedirected : Console.IsOutputRedirected);
        return Environment.GetEnvironmentVariable("GITHUB_ACTIONS") == "true" && !asJson ? new GitHubView(output)
            : isTerminal && !Console.IsErrorRedirected ? new TerminalView(output, waits)
            : new FollowView(output, isTerminal);
    }

    /// <summary>The program then ends as it would without this.</summary>
    private static PosixSignalRegistration Said(PosixSignal signal, string id) =>
        PosixSignalRegistration.Create(
            signal,
            _ => Console.Error.WriteLine($"\nDeployment {id} goes on: thin-deployer log {id} --follow, or cancel {id}")
        );
}
