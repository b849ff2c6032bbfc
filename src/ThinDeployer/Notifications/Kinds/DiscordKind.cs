using System.Globalization;
using System.Text.Json.Nodes;

namespace ThinDeployer.Notifications.Kinds;

/// <summary>
/// A webhook of Discord (docs.discord.com/developers/resources/webhook, Execute Webhook): an embed, whose limits are in
/// docs.discord.com/developers/resources/message, Embed Limits. It mentions nobody.
/// </summary>
internal sealed class DiscordKind : INotificationKind
{
    /// <summary>In characters. Together with the description it stays within the 6,000 of an embed.</summary>
    internal const int MaximumTitle = 256;

    /// <summary>In characters.</summary>
    internal const int MaximumDescription = 4_096;

    private const int Green = 0x2EB67D;
    private const int Red = 0xD93F3F;
    private const int Grey = 0x8A94A6;

    public string Name => "discord";

    public NotifyKeys Needs => NotifyKeys.Url;

    public OutgoingMessage MessageOf(News news, MessageContext context)
    {
        var embed = new JsonObject
        {
            ["color"] = news.Event switch
            {
                NewsEvent.Succeeded or NewsEvent.Recovered => Green,
                NewsEvent.Failed => Red,
                _ => Grey,
            },
            ["timestamp"] = news.At.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        };
        var own = NewsText.Own(news, context);
        if (own is null)
        {
            embed["title"] = LimitedText
                .OfCharacters(MaximumTitle)
                .Add(NewsText.Headline(news), part => Escaped(part, beginsLine: true))
                .ToString();
        }

        embed["description"] = Description(news, context, own);
        var message = new JsonObject
        {
            ["embeds"] = new JsonArray([embed]),
            ["allowed_mentions"] = new JsonObject { ["parse"] = new JsonArray() },
        };
        return new HttpMessage(context.Url!, MessageJson.Bytes(message));
    }

    private static string Description(News news, MessageContext context, string? own)
    {
        var links = string.Concat(NewsText.LinksBelow(news, context).Select(link => $"\n{MarkdownText.Link(link)}"));
        var text = LimitedText.OfCharacters(MaximumDescription - links.Length);
        if (own is not null)
        {
            text.Add(own, part => Escaped(part, beginsLine: true));
        }
        else
        {
            foreach (var fact in NewsText.Facts(news, context.Host))
            {
                text.Add(fact.Value, value => $"\n**{fact.Label}:** {Escaped(value)}");
            }
        }

        text.AddEnd(NewsText.Output(news), output => $"\n{MarkdownText.Fenced(output)}");
        return (text + links).TrimStart('\n');
    }

    private static string Escaped(string text, bool beginsLine = false) =>
        MarkdownText.Escaped(text, less: @"\<", and: "&", beginsLine);
}
