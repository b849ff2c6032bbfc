using System.Text.Json.Nodes;

namespace ThinDeployer.Notifications.Kinds;

/// <summary>
/// An incoming webhook of Mattermost (developers.mattermost.com/integrate/webhooks/incoming), which takes Markdown. It also takes Slack's
/// <c>&lt;!channel&gt;</c> and <c>&lt;address|text&gt;</c>, in a fence too; the latter could pull what it stands around out of the fence.
/// </summary>
internal sealed class MattermostKind : INotificationKind
{
    /// <summary>In characters. A post has 16,383, beyond which it would become several, with no fence in the second.</summary>
    internal const int Maximum = 12_000;

    public string Name => "mattermost";

    public NotifyKeys Needs => NotifyKeys.Url;

    /// <summary>Another channel than the webhook's own.</summary>
    public NotifyKeys Takes => NotifyKeys.Chat;

    public OutgoingMessage MessageOf(News news, MessageContext context)
    {
        var links = string.Concat(NewsText.LinksBelow(news, context).Select(link => $"\n{MarkdownText.Link(link)}"));
        var text = LimitedText.OfCharacters(Maximum - links.Length);
        if (NewsText.Own(news, context) is { } own)
        {
            text.Add(own, part => Escaped(part, beginsLine: true));
        }
        else
        {
            text.Add(NewsText.Headline(news), headline => $"{NewsText.Sign(news)} **{Escaped(headline)}**");
            foreach (var fact in NewsText.Facts(news, context.Host))
            {
                text.Add(fact.Value, value => $"\n**{fact.Label}:** {Escaped(value)}");
            }
        }

        text.AddEnd(NewsText.Output(news), output => $"\n{MarkdownText.Fenced(output)}");
        var message = new JsonObject { ["text"] = text + links };
        if (context.Target.Chat is { } channel)
        {
            message["channel"] = channel;
        }

        return new HttpMessage(context.Url!, MessageJson.Bytes(message));
    }

    private static string Escaped(string text, bool beginsLine = false) =>
        MarkdownText.Escaped(text, less: "&lt;", and: "&amp;", beginsLine);
}
