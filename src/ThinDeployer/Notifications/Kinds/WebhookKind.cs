using System.Globalization;
using System.Text.Json.Nodes;
using ThinDeployer.Deployments;
using ThinDeployer.Security;

namespace ThinDeployer.Notifications.Kinds;

/// <summary>
/// A program of one's own: the deployment as JSON, signed as Standard Webhooks
/// (github.com/standard-webhooks/standard-webhooks, spec) say where there is a secret.
/// </summary>
internal sealed class WebhookKind : INotificationKind
{
    public string Name => "webhook";

    public NotifyKeys Needs => NotifyKeys.Url;

    public NotifyKeys Takes => NotifyKeys.Token | NotifyKeys.Secret;

    public bool SendsJson => true;

    public string? MistakeIn(string? url, string? secret) =>
        secret is not null
        && secret.StartsWith(SigningSecret.WebhookPrefix, StringComparison.Ordinal)
        && SigningSecret.OfBase64(secret) is null
            ? "\"secret\" begins with whsec_, but no base64 follows"
            : null;

    public OutgoingMessage MessageOf(News news, MessageContext context)
    {
        var body = MessageJson.Bytes(
            new JsonObject
            {
                ["type"] = $"deployment.{news.Event.Name()}",
                ["timestamp"] = news.At.UtcDateTime.ToString(
                    "yyyy-MM-dd'T'HH:mm:ss.fff'Z'",
                    CultureInfo.InvariantCulture
                ),
                ["data"] = Data(news, context),
            }
        );
        var headers = context.Secret is { } secret
            ? new StandardWebhooks([Key(secret)]).Sign(body.Span, context.Id, context.Now)
            : StandardWebhooks.Unsigned(context.Id, context.Now);
        return new HttpMessage(context.Url!, body)
        {
            Headers = context.Token is { } token ? [.. headers, new("Authorization", $"Bearer {token}")] : headers,
        };
    }

    private static JsonObject Data(News news, MessageContext context)
    {
        var data = new JsonObject
        {
            ["event"] = news.Event.Name(),
            ["text"] = NewsText.Own(news, context) ?? NewsText.Headline(news),
            ["host"] = context.Host,
        };
        if (context.Link is { } link)
        {
            data["link"] = link.AbsoluteUri;
        }

        if (news.Repeats > 0)
        {
            data["repeats"] = news.Repeats;
        }

        if (NewsText.Output(news) is { Length: > 0 } output)
        {
            data["output"] = output;
        }

        data["deployment"] = news.Json is { } json ? JsonNode.Parse(json) : Known(news);
        return data;
    }

    private static JsonObject Known(News news) =>
        new()
        {
            ["id"] = news.Deployment,
            ["service"] = news.Service,
            ["status"] = news.Status.Name(),
        };

    /// <summary>A secret without the prefix of the specification is taken as it is.</summary>
    private static SigningSecret Key(string secret) =>
        (
            secret.StartsWith(SigningSecret.WebhookPrefix, StringComparison.Ordinal)
                ? SigningSecret.OfBase64(secret)
                : null
        ) ?? SigningSecret.OfText(secret);
}
