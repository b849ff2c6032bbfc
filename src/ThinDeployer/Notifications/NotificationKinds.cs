using System.Collections.Frozen;
using ThinDeployer.Notifications.Kinds;

namespace ThinDeployer.Notifications;

/// <summary>What <c>to</c> can say.</summary>
internal static class NotificationKinds
{
    /// <summary>In the order in which people are told of them.</summary>
    internal static IReadOnlyList<INotificationKind> All { get; } =
    [
        new SlackKind(),
        new MattermostKind(),
        new DiscordKind(),
        new TeamsKind(),
        new TelegramKind(),
        new NtfyKind(),
        new GotifyKind(),
        new EmailKind(),
        new WebhookKind(),
    ];

    /// <summary>That of <c>use_notification</c>, which <c>to</c> does not name.</summary>
    internal static INotificationKind Seed { get; } = new SeedKind();

    private static readonly FrozenDictionary<string, INotificationKind> ByName = All.ToFrozenDictionary(
        kind => kind.Name,
        StringComparer.Ordinal
    );

    /// <summary>Null for a word that names none.</summary>
    internal static INotificationKind? Parse(string name) => ByName.GetValueOrDefault(name);
}
