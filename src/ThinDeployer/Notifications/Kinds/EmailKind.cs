using ThinDeployer.Yaml;

namespace ThinDeployer.Notifications.Kinds;

/// <summary>Mail, in plain text (RFC 5322).</summary>
internal sealed class EmailKind : INotificationKind
{
    /// <summary>In characters: programs for mail show no more of it.</summary>
    internal const int MaximumSubject = 150;

    /// <summary>In characters.</summary>
    internal const int MaximumText = 100_000;

    public string Name => "email";

    public NotifyKeys Needs => NotifyKeys.Mail;

    public OutgoingMessage MessageOf(News news, MessageContext context)
    {
        var subject = NewsText.Own(news, context)?.Split('\n')[0] ?? NewsText.Headline(news);
        var links = string.Concat(NewsText.LinksBelow(news, context).Select(link => $"\n{link.Label}: {link.Url}"));
        var text = LimitedText
            .OfCharacters(MaximumText)
            .Add(NewsText.Body(news, context) + links, part => part)
            .AddEnd(NewsText.Output(news), part => $"\n\n{part}");
        return new MailMessage(Beginning.Marked(PlainText.Line(subject), MaximumSubject), $"{text}\n", context.Id);
    }
}
