using System.Text.Json.Nodes;

namespace ThinDeployer.Notifications.Kinds;

/// <summary>
/// An application of Gotify (gotify.net/docs/pushmsg). Its extras (gotify.net/docs/msgextras) say that the text is plain, and where a
/// touch leads.
/// </summary>
internal sealed class GotifyKind : INotificationKind
{
    /// <summary>In characters, which is less than the 65,535 bytes that a text has in its MySQL; Gotify says nothing of a limit.</summary>
    internal const int MaximumMessage = 16_000;

    /// <summary>In characters; Gotify says nothing of a limit.</summary>
    internal const int MaximumTitle = 250;

    /// <summary>Shown without a sound.</summary>
    private const int Low = 2;

    private const int Usual = 5;

    /// <summary>Above other windows, with a sound.</summary>
    private const int High = 8;

    public string Name => "gotify";

    public NotifyKeys Needs => NotifyKeys.Url | NotifyKeys.Token;

    public OutgoingMessage MessageOf(News news, MessageContext context)
    {
        var own = NewsText.Own(news, context);
        var text = LimitedText
            .OfCharacters(MaximumMessage)
            .Add(own ?? NewsText.Lines(NewsText.Facts(news, context.Host)), part => part)
            .AddEnd(NewsText.Output(news), part => $"\n\n{part}");
        var extras = new JsonObject { ["client::display"] = new JsonObject { ["contentType"] = "text/plain" } };
        if (NewsText.Links(news, context) is [var link, ..])
        {
            extras["client::notification"] = new JsonObject { ["click"] = new JsonObject { ["url"] = link.Url } };
        }

        var message = new JsonObject
        {
            ["message"] = text.ToString().TrimStart('\n'),
            ["priority"] = news.Event switch
            {
                NewsEvent.Failed => High,
                NewsEvent.Accepted or NewsEvent.Started => Low,
                _ => Usual,
            },
            ["extras"] = extras,
        };
        if (own is null)
        {
            message["title"] = LimitedText
                .OfCharacters(MaximumTitle)
                .Add(NewsText.Headline(news), part => part)
                .ToString();
        }

        return new HttpMessage(Address(context.Url!), MessageJson.Bytes(message))
        {
            Headers = [new("X-Gotify-Key", context.Token!)],
        };
    }

    private static Uri Address(Uri url) => new($"{url.GetLeftPart(UriPartial.Path).TrimEnd('/')}/message");
}
