namespace ThinDeployer.Notifications;

/// <summary>Where a service's deployments are announced.</summary>
/// <param name="WebhookUrl">An incoming webhook of Slack or Mattermost; its path is a secret.</param>
/// <param name="Group">The channel; null for the webhook's own.</param>
internal sealed record NotificationTarget(Uri WebhookUrl, string? Group)
{
    public override string ToString() => WebhookUrl.Host;
}
