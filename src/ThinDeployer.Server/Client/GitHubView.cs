using System.Text.Json;

namespace ThinDeployer.Server.Client;

/// <summary>
/// As GitHub Actions folds it: a group for each step, and an annotation for what failed. What the steps print can't speak
/// to the runner meanwhile (docs.github.com, "Workflow commands for GitHub Actions").
/// </summary>
internal sealed class GitHubView : FollowView
{
    /// <summary>Nobody can guess it, so no output can end the silence.</summary>
    private readonly string _silence = Guid.NewGuid().ToString("N");
    private bool _isInGroup;

    internal GitHubView(TextWriter output)
        : base(output, isTerminal: false) => Write($"::stop-commands::{_silence}\n");

    internal override void TellEnd(JsonElement deployment)
    {
        var isGood = deployment.GetProperty("status").GetString() == "succeeded";
        Command($"{EndOfGroup}{(isGood ? "" : $"::error::{Escaped(Sentence(deployment))}\n")}", isLast: true);
        base.TellEnd(deployment);
    }

    protected override void StepBegins(JsonElement step)
    {
        Command($"{EndOfGroup}::group::{Escaped(step.GetProperty("command").GetString() ?? "")}\n", isLast: false);
        _isInGroup = true;
    }

    protected override void StepEnds(JsonElement step)
    {
        var error = step.TryGetProperty("message", out var message)
            ? $"::error::{Escaped(message.GetString() ?? "")}\n"
            : "";
        Command(EndOfGroup + error, isLast: false);
        _isInGroup = false;
    }

    private string EndOfGroup => _isInGroup ? "::endgroup::\n" : "";

    private void Command(string lines, bool isLast)
    {
        EndLine();
        Write($"::{_silence}::\n{lines}{(isLast ? "" : $"::stop-commands::{_silence}\n")}");
    }

    private static string Escaped(string text) =>
        text.Replace("%", "%25", StringComparison.Ordinal)
            .Replace("\r", "%0D", StringComparison.Ordinal)
            .Replace("\n", "%0A", StringComparison.Ordinal);
}
