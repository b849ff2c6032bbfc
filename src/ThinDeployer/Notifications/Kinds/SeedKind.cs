using System.Text.Json;
using ThinDeployer.Deployments;

namespace ThinDeployer.Notifications.Kinds;

/// <summary>
/// The message of <c>use_notification</c>, word for word that of the Python version. Slack and Mattermost take it
/// (docs.slack.dev/messaging/sending-messages-using-incoming-webhooks).
/// </summary>
internal sealed class SeedKind : INotificationKind
{
    public string Name => "slack";

    public NotifyKeys Needs => NotifyKeys.Url;

    public NotifyKeys Takes => NotifyKeys.Chat;

    public OutgoingMessage MessageOf(News news, MessageContext context)
    {
        const int Maximum = NotificationMessage.MaximumCharacters;
        var isLong = news.Output.Length > Maximum;
        var start = isLong ? news.Output.Length - Maximum : 0;
        if (isLong && char.IsLowSurrogate(news.Output[start]))
        {
            start++;
        }

        var message = NotificationMessage.Of(
            news.Service,
            news.Status is DeploymentStatus.Succeeded,
            news.IsHookGood ? null : news.Hook,
            news.Summary,
            news.Output[start..],
            news.IsCut || isLong,
            context.Target.Chat
        );
        return new HttpMessage(
            context.Url!,
            JsonSerializer.SerializeToUtf8Bytes(message, NotificationJson.Default.NotificationMessage)
        );
    }
}
