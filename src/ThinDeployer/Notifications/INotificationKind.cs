namespace ThinDeployer.Notifications;

/// <summary>A service that brings messages to people: what it needs to know, and how a message looks there.</summary>
internal interface INotificationKind
{
    /// <summary>The word of <c>to</c>.</summary>
    string Name { get; }

    /// <summary>Keys that must be there.</summary>
    NotifyKeys Needs { get; }

    /// <summary>Keys that may be there besides.</summary>
    NotifyKeys Takes => NotifyKeys.None;

    /// <summary>Whether it sends <see cref="News.Json"/>.</summary>
    bool SendsJson => false;

    /// <summary>Null where an address and a secret are as this kind needs them; else what is wrong.</summary>
    string? MistakeIn(string? url, string? secret) => null;

    OutgoingMessage MessageOf(News news, MessageContext context);
}

/// <summary>Keys of <c>notify</c> that only some kinds have. A secret may stand in a file instead.</summary>
[Flags]
internal enum NotifyKeys
{
    None = 0,
    Url = 1,
    Token = 2,
    Chat = 4,
    Mail = 8,
    Secret = 16,
}

/// <summary>What a message is made for.</summary>
/// <param name="Url">Null for a kind that has none.</param>
/// <param name="Token">As <paramref name="Url"/>.</param>
/// <param name="Secret">As <paramref name="Url"/>.</param>
/// <param name="Link">The page of the deployment; null where nobody knows the server's address.</param>
/// <param name="Host">The name of this machine.</param>
/// <param name="Id">Of the message: the same at each try.</param>
/// <param name="Now">The time of this try.</param>
internal sealed record MessageContext(
    NotificationTarget Target,
    Uri? Url,
    string? Token,
    string? Secret,
    Uri? Link,
    string Host,
    string Id,
    DateTimeOffset Now
)
{
    public override string ToString() => Target.Name;
}
