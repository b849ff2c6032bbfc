using System.Text.Json.Serialization;
using ThinDeployer.Deployments;
using ThinDeployer.Yaml;

namespace ThinDeployer.Notifications;

/// <summary>
/// The body of an incoming webhook, as Slack (docs.slack.dev/messaging/sending-messages-using-incoming-webhooks) and
/// Mattermost take it.
/// </summary>
/// <param name="Text">With <c>&amp;</c>, <c>&lt;</c> and <c>&gt;</c> escaped, which Slack reads as markup.</param>
/// <param name="Channel">Null for the webhook's own.</param>
internal sealed record NotificationMessage(string Text, string? Channel)
{
    /// <summary>Of the output, in UTF-16 units.</summary>
    internal const int MaximumCharacters = 12_000;

    /// <summary>Of the summary, in UTF-16 units.</summary>
    private const int MaximumSummary = 300;

    /// <param name="succeeded">Whether the deployment did.</param>
    /// <param name="failedHook">The hook that did not; null for none.</param>
    /// <param name="summary">That its steps wrote; null for none.</param>
    /// <param name="output">Its end, at most as much as is sent.</param>
    /// <param name="isCut">Whether anything stands before it.</param>
    internal static NotificationMessage Of(
        string service,
        bool succeeded,
        string? failedHook,
        string? summary,
        string output,
        bool isCut,
        string? channel
    )
    {
        var end =
            (succeeded ? "successfully" : "with a failure")
            + failedHook switch
            {
                null => "",
                Hook.OnFailure => $", and its rollback ({failedHook}) did not succeed",
                _ => $", but its {failedHook} did not succeed",
            };
        var cut = isCut ? $"[… only the last {output.Length} characters …]\n" : "";
        return new NotificationMessage(
            $"\"{service}\" deployment finished {end}: \n\n{Told(summary)}{cut}{Escaped(output)}\n\n",
            channel
        );
    }

    /// <summary>Cut between characters.</summary>
    private static string Told(string? summary)
    {
        if (summary?.Trim() is not { Length: > 0 } text)
        {
            return "";
        }

        return $"{Escaped(Beginning.Marked(text, MaximumSummary))}\n\n";
    }

    /// <summary>The three signs that Slack reads as markup (docs.slack.dev/messaging/formatting-message-text), and HTML, too.</summary>
    internal static string Escaped(string text) =>
        text.Replace("&", "&amp;", StringComparison.Ordinal)
            .Replace("<", "&lt;", StringComparison.Ordinal)
            .Replace(">", "&gt;", StringComparison.Ordinal);
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(NotificationMessage))]
internal sealed partial class NotificationJson : JsonSerializerContext;
