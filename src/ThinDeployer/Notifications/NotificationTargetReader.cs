using ThinDeployer.Yaml;

namespace ThinDeployer.Notifications;

/// <summary>Reads <c>use_notification</c>, <c>notification_webhook_url</c> and <c>notification_group</c>.</summary>
internal static class NotificationTargetReader
{
    /// <summary>Null where notifications are off, or no URL says where to.</summary>
    internal static NotificationTarget? Read(MapReader service)
    {
        var wanted = service.Boolean("use_notification", byDefault: false);
        var group = service.Text("notification_group");
        var url = service.Text("notification_webhook_url");
        if (url is not null && !IsWebAddress(url, out _))
        {
            service.Context.Mistake(
                service.Node("notification_webhook_url")!.Place,
                "\"notification_webhook_url\" must be an address that begins with http:// or https://"
            );
            return null;
        }

        if (service.Node("notification_webhook_url") is YamlText written)
        {
            service.Context.Secrets.Note(written, service.Context.Service);
        }

        if (wanted && url is null)
        {
            service.Context.Warn(
                service.Node("use_notification")!.Place,
                "\"use_notification\" is on, but there is no \"notification_webhook_url\", so nobody is notified"
            );
        }

        return wanted && url is not null && IsWebAddress(url, out var address)
            ? new NotificationTarget(address, group)
            : null;
    }

    private static bool IsWebAddress(string text, out Uri address) =>
        Uri.TryCreate(text, UriKind.Absolute, out address!)
        && (address.Scheme == Uri.UriSchemeHttps || address.Scheme == Uri.UriSchemeHttp);
}
