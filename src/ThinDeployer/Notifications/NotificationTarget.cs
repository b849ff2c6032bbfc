using ThinDeployer.Outbox;
using ThinDeployer.Security;

namespace ThinDeployer.Notifications;

/// <summary>Whom a service tells what.</summary>
internal sealed record NotificationTarget
{
    /// <summary>Lines of output, where nothing else is said.</summary>
    internal const int DefaultOutputLines = 20;

    internal required INotificationKind Kind { get; init; }

    internal KeptSecret? Url { get; init; }

    internal KeptSecret? Token { get; init; }

    /// <summary>Signs messages.</summary>
    internal KeptSecret? Secret { get; init; }

    /// <summary>A chat's id, or a channel; null for none.</summary>
    internal string? Chat { get; init; }

    internal MailAddresses? Mail { get; init; }

    internal IReadOnlySet<NewsEvent> On { get; init; } =
        new HashSet<NewsEvent> { NewsEvent.Failed, NewsEvent.Recovered };

    /// <summary>0 for none.</summary>
    internal int OutputLines { get; init; } = DefaultOutputLines;

    /// <summary>A template for the message; null for the kind's own.</summary>
    internal string? Text { get; init; }

    /// <summary>Whether the same failure is told only once in a while.</summary>
    internal bool IsDamped { get; init; } = true;

    /// <summary>The kind and the host, for people.</summary>
    internal required string Name { get; init; }

    /// <summary>Targets of the same key are one address: what is told there stays in order.</summary>
    internal string Key => TargetKey.Of(Kind.GetType().Name, Url?.Identity, Token?.Identity, Chat, Mail?.Identity);

    public override string ToString() => Name;
}

/// <summary>Who gets mail, and by which server.</summary>
/// <param name="Recipients">One at least.</param>
/// <param name="Encryption">How the connection is made private.</param>
/// <param name="User">Null where the server wants no login.</param>
internal sealed record MailAddresses(
    IReadOnlyList<string> Recipients,
    string From,
    string Host,
    int Port,
    MailEncryption Encryption,
    string? User,
    KeptSecret? Password
)
{
    internal string Identity => string.Join(',', Recipients) + $" by {Host}:{Port}";
}

internal enum MailEncryption
{
    /// <summary>Begins in the clear and must become private (RFC 3207).</summary>
    StartTls,

    /// <summary>Private from the first byte (RFC 8314).</summary>
    Tls,

    /// <summary>For a server on this machine.</summary>
    None,
}
