using System.Globalization;
using System.Text.Json.Serialization;

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

    internal static NotificationMessage Of(string service, bool succeeded, string output, string? channel)
    {
        var end = succeeded ? "successfully" : "with a failure";
        return new NotificationMessage(
            $"\"{service}\" deployment finished {end}: \n\n{Escaped(Tail(output))}\n\n",
            channel
        );
    }

    /// <summary>The end of an output says how it went, so the beginning is what is left out.</summary>
    private static string Tail(string output)
    {
        if (output.Length <= MaximumCharacters)
        {
            return output;
        }

        var cut = output.Length - MaximumCharacters;
        cut += char.IsLowSurrogate(output[cut]) ? 1 : 0;
        var number = cut.ToString(CultureInfo.InvariantCulture);
        return $"[… the first {number} characters are left out …]\n{output[cut..]}";
    }

    private static string Escaped(string text) =>
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
