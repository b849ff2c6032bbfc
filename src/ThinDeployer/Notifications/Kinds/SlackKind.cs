using System.Text.Json.Nodes;

namespace ThinDeployer.Notifications.Kinds;

/// <summary>
/// An incoming webhook of Slack: blocks (docs.slack.dev/reference/block-kit/blocks), and a text for where those are not shown
/// (docs.slack.dev/messaging/sending-messages-using-incoming-webhooks). What others wrote is plain text, in which there is no markup
/// but the three signs that are escaped (docs.slack.dev/messaging/formatting-message-text), or stands in a fence.
/// </summary>
internal sealed class SlackKind : INotificationKind
{
    /// <summary>Of a header, in characters.</summary>
    internal const int MaximumHeader = 150;

    /// <summary>Of a section, in characters.</summary>
    internal const int MaximumSection = 3_000;

    public string Name => "slack";

    public NotifyKeys Needs => NotifyKeys.Url;

    public OutgoingMessage MessageOf(News news, MessageContext context)
    {
        var own = NewsText.Own(news, context);
        var headline = $"{NewsText.Sign(news)} {NewsText.Headline(news)}";
        var blocks = new List<JsonNode?>();
        if (own is null)
        {
            blocks.Add(Block("header", PlainOf(headline, MaximumHeader)));
        }

        if ((own ?? NewsText.Lines(NewsText.Facts(news, context.Host))) is { Length: > 0 } text)
        {
            blocks.Add(Block("section", PlainOf(text, MaximumSection)));
        }

        if (NewsText.Output(news) is { Length: > 0 } output)
        {
            blocks.Add(Block("section", Markup(Limited().AddEnd(output, Fence).ToString())));
        }

        if (NewsText.Links(news, context) is { Count: > 0 } links)
        {
            blocks.Add(
                new JsonObject
                {
                    ["type"] = "context",
                    ["elements"] = new JsonArray([.. links.Select(link => (JsonNode)Markup(Link(link)))]),
                }
            );
        }

        var message = new JsonObject
        {
            ["text"] = Limited().Add(own ?? headline, NotificationMessage.Escaped).ToString(),
            ["mrkdwn"] = false,
            ["blocks"] = new JsonArray([.. blocks]),
        };
        return new HttpMessage(context.Url!, MessageJson.Bytes(message));
    }

    private static JsonObject Block(string type, JsonObject text) => new() { ["type"] = type, ["text"] = text };

    private static JsonObject PlainOf(string text, int maximum) =>
        new()
        {
            ["type"] = "plain_text",
            ["text"] = LimitedText.OfCharacters(maximum).Add(text, NotificationMessage.Escaped).ToString(),
            ["emoji"] = false,
        };

    // Not verbatim, it would take names of people and channels for mentions.
    private static JsonObject Markup(string text) =>
        new()
        {
            ["type"] = "mrkdwn",
            ["text"] = text,
            ["verbatim"] = true,
        };

    private static LimitedText Limited() => LimitedText.OfCharacters(MaximumSection);

    private static string Fence(string output) => NotificationMessage.Escaped(MarkdownText.Fenced(output));

    private static string Link(NewsLink link) => $"<{NotificationMessage.Escaped(link.Url)}|{link.Label}>";
}
