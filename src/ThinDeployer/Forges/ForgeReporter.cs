using ThinDeployer.Outbox;

namespace ThinDeployer.Forges;

/// <summary>Tells a forge.</summary>
/// <param name="linkOf">The page of a deployment; null where nobody knows the server's address.</param>
internal sealed class ForgeReporter(ForgeReport report, OutboxHttp http, Func<string, Uri?> linkOf) : IOutboxTarget
{
    internal ForgeReport Report => report;

    public string Key { get; } = report.Key;

    public string Kind => report.Forge.Name;

    public string Name => report.Name;

    public async Task<Receipt> SendAsync(OutboxItem item, CancellationToken cancellationToken)
    {
        if (ForgeNews.Read(item.Content) is not { } news)
        {
            return new Receipt.Refused("it can't be read any more");
        }

        return report.Token.Read(out var why) is { } token
            ? await report.Forge.TellAsync(
                news,
                new ForgeCall(report, token, linkOf(news.Deployment), http),
                cancellationToken
            )
            : new Receipt.Later($"\"token_file\": {why}");
    }
}
