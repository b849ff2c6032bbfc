using System.Globalization;
using System.Text.Json;

namespace ThinDeployer.Server.Client;

/// <summary>Shows a deployment that is followed: its output on standard output, all else on standard error.</summary>
/// <param name="output">Where what the steps print goes.</param>
/// <param name="isTerminal">Whether a person looks at it.</param>
internal class FollowView(TextWriter output, bool isTerminal)
{
    protected bool IsAtLineStart { get; private set; } = true;

    internal virtual void Show(LogEvent next)
    {
        switch (next.Type)
        {
            case "output":
                Write(next.Data.GetProperty("text").GetString() ?? "");
                break;
            case "step" when next.Data.GetProperty("status").GetString() == "running":
                StepBegins(next.Data);
                break;
            case "step":
                StepEnds(next.Data);
                break;
            case "end":
                EndLine();
                break;
            default:
                // A newer server may tell more.
                break;
        }
    }

    /// <summary>One line for a person. What is written to a file or a pipe stays what the steps printed.</summary>
    internal virtual void Tell(string line)
    {
        if (isTerminal)
        {
            EndLine();
        }

        BeforeWriting();
        Console.Error.WriteLine(line);
    }

    /// <summary>What of its hooks failed, how it ended, and how long it took.</summary>
    internal virtual void TellEnd(JsonElement deployment)
    {
        foreach (var step in DeploymentFacts.List(deployment, "hooks"))
        {
            if (DeploymentFacts.Text(step, "message") is { Length: > 0 } message)
            {
                Tell($"{DeploymentFacts.Text(step, "hook")}: {message}");
            }
        }

        Tell(Sentence(deployment));
    }

    protected static string Sentence(JsonElement deployment)
    {
        var status = deployment.GetProperty("status").GetString();
        var took = deployment.TryGetProperty("durationMs", out var milliseconds)
            ? $" after {(milliseconds.GetInt64() / 1000.0).ToString("0.0", CultureInfo.InvariantCulture)} s"
            : "";
        var by = DeploymentFacts.Text(deployment, "cancelledBy");
        return $"Deployment {status}{(by.Length > 0 && status == "cancelled" ? $" by {by}" : "")}{took}"
            + RolloutTable.Failed(deployment);
    }

    protected virtual void StepBegins(JsonElement step) { }

    protected virtual void StepEnds(JsonElement step) { }

    /// <summary>Makes room for what is written next.</summary>
    protected virtual void BeforeWriting() { }

    protected void Write(string text)
    {
        if (text.Length == 0)
        {
            return;
        }

        BeforeWriting();
        output.Write(isTerminal ? TerminalText.Safe(text) : text);
        output.Flush();
        IsAtLineStart = text[^1] == '\n';
    }

    protected void EndLine()
    {
        if (!IsAtLineStart)
        {
            Write("\n");
        }
    }
}
