namespace ThinDeployer.Notifications;

/// <summary>A message that can go out as it is.</summary>
internal abstract record OutgoingMessage;

/// <summary>By HTTP.</summary>
/// <param name="Url">Where to; it may hold a secret.</param>
/// <param name="Body">What is posted.</param>
/// <param name="ContentType">Of the body.</param>
internal sealed record HttpMessage(Uri Url, ReadOnlyMemory<byte> Body, string ContentType = "application/json")
    : OutgoingMessage
{
    internal IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    public override string ToString() => Url.Host;
}

/// <summary>By SMTP.</summary>
/// <param name="Subject">One line.</param>
/// <param name="Text">Plain.</param>
/// <param name="Id">For <c>Message-ID</c>, so that a repeat is seen as one.</param>
internal sealed record MailMessage(string Subject, string Text, string Id) : OutgoingMessage;
