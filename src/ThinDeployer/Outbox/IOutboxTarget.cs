namespace ThinDeployer.Outbox;

/// <summary>Somebody who is told something.</summary>
internal interface IOutboxTarget
{
    /// <summary>The same over restarts, and for all who tell the same address. It gives no secret away.</summary>
    string Key { get; }

    /// <summary>A word for people, such as <c>slack</c>.</summary>
    string Kind { get; }

    /// <summary>For people, without a secret.</summary>
    string Name { get; }

    /// <summary>Never throws, but where it is cancelled.</summary>
    Task<Receipt> SendAsync(OutboxItem item, CancellationToken cancellationToken);
}
