using System.Text.Json.Nodes;

namespace ThinDeployer.Notifications.Kinds;

/// <summary>
/// A bot of Telegram (core.telegram.org/bots/api#sendmessage), with its HTML (core.telegram.org/bots/api#html-style).
/// </summary>
internal sealed class TelegramKind : INotificationKind
{
    /// <summary>In characters. Telegram counts them without tags, so that this is a little less.</summary>
    internal const int Maximum = 4_096;

    private static readonly Uri Api = new("https://api.telegram.org/");

    public string Name => "telegram";

    public NotifyKeys Needs => NotifyKeys.Token | NotifyKeys.Chat;

    /// <summary>A Bot API server of one's own (github.com/tdlib/telegram-bot-api).</summary>
    public NotifyKeys Takes => NotifyKeys.Url;

    public OutgoingMessage MessageOf(News news, MessageContext context)
    {
        var message = new JsonObject
        {
            ["chat_id"] = context.Target.Chat,
            ["text"] = Text(news, context),
            ["parse_mode"] = "HTML",
            ["link_preview_options"] = new JsonObject { ["is_disabled"] = true },
        };
        return new HttpMessage(Address(context), MessageJson.Bytes(message));
    }

    private static Uri Address(MessageContext context)
    {
        // A token is digits, a colon, and letters; nothing else in it may lead to another method.
        var token = Uri.EscapeDataString(context.Token!).Replace("%3A", ":", StringComparison.Ordinal);
        return new Uri($"{(context.Url ?? Api).AbsoluteUri.TrimEnd('/')}/bot{token}/sendMessage");
    }

    private static string Text(News news, MessageContext context)
    {
        var links = string.Join(" · ", NewsText.LinksBelow(news, context).Select(Link));
        var end = links.Length > 0 ? $"\n{links}" : "";
        var text = LimitedText.OfCharacters(Maximum - end.Length);
        if (NewsText.Own(news, context) is { } own)
        {
            text.Add(own, Disarmed);
        }
        else
        {
            text.Add(NewsText.Headline(news), headline => $"{NewsText.Sign(news)} <b>{Disarmed(headline)}</b>");
            foreach (var fact in NewsText.Facts(news, context.Host))
            {
                text.Add(fact.Value, value => $"\n<b>{fact.Label}:</b> {Disarmed(value)}");
            }
        }

        return text.AddEnd(NewsText.Output(news), output => $"\n<pre>{Escaped(output)}</pre>") + end;
    }

    private static string Link(NewsLink link) => $"<a href=\"{Escaped(link.Url)}\">{link.Label}</a>";

    /// <summary>Outside of <c>pre</c>, a name behind an <c>@</c> tells who has it.</summary>
    private static string Disarmed(string text) =>
        Escaped(text).Replace("@", $"@{MarkdownText.Gap}", StringComparison.Ordinal);

    private static string Escaped(string text) =>
        NotificationMessage.Escaped(text).Replace("\"", "&quot;", StringComparison.Ordinal);
}
