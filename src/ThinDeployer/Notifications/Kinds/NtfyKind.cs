using System.Text.Json.Nodes;

namespace ThinDeployer.Notifications.Kinds;

/// <summary>
/// A topic of ntfy, published as JSON (docs.ntfy.sh/publish/#publish-as-json), so that no text stands in a header. It is plain text.
/// </summary>
internal sealed class NtfyKind : INotificationKind
{
    /// <summary>Bytes. A longer message becomes a file that has to be downloaded (docs.ntfy.sh/publish/#limitations).</summary>
    internal const int MaximumMessage = 4_096;

    /// <summary>In bytes; ntfy has no limit of its own.</summary>
    internal const int MaximumTitle = 250;

    private const int Low = 2;
    private const int Usual = 3;
    private const int High = 4;

    public string Name => "ntfy";

    public NotifyKeys Needs => NotifyKeys.Url;

    public NotifyKeys Takes => NotifyKeys.Token;

    public string? MistakeIn(string? url, string? secret) =>
        url is not null && new Uri(url).AbsolutePath.Trim('/').Length == 0
            ? "\"url\" must end with a topic, such as https://ntfy.sh/my-long-random-topic"
            : null;

    public OutgoingMessage MessageOf(News news, MessageContext context)
    {
        var url = context.Url!;
        var own = NewsText.Own(news, context);
        var text = LimitedText
            .OfBytes(MaximumMessage)
            .Add(own ?? NewsText.Lines(NewsText.Facts(news, context.Host)), part => part)
            .AddEnd(NewsText.Output(news), part => $"\n\n{part}");
        var message = new JsonObject
        {
            ["topic"] = Uri.UnescapeDataString(url.Segments[^1].TrimEnd('/')),
            ["message"] = text.ToString().TrimStart('\n'),
            ["priority"] = news.Event switch
            {
                NewsEvent.Failed => High,
                NewsEvent.Accepted or NewsEvent.Started => Low,
                _ => Usual,
            },
            ["tags"] = new JsonArray([Tag(news)]),
        };
        if (own is null)
        {
            message["title"] = LimitedText.OfBytes(MaximumTitle).Add(NewsText.Headline(news), part => part).ToString();
        }

        if (NewsText.Links(news, context) is [var link, ..])
        {
            message["click"] = link.Url;
        }

        return new HttpMessage(new Uri(url, Root(url)), MessageJson.Bytes(message))
        {
            Headers = context.Token is { } token ? [new("Authorization", $"Bearer {token}")] : [],
        };
    }

    /// <summary>JSON is taken where no topic stands behind it.</summary>
    private static string Root(Uri url) => string.Concat(url.Segments.SkipLast(1));

    /// <summary>ntfy shows it as a sign (docs.ntfy.sh/emojis).</summary>
    private static string Tag(News news) =>
        news.Event switch
        {
            NewsEvent.Succeeded or NewsEvent.Recovered => "white_check_mark",
            NewsEvent.Failed => "x",
            _ => "hourglass_flowing_sand",
        };
}
