using System.Net.Http.Headers;
using ThinDeployer.Outbox;
using ThinDeployer.Security;
using ThinDeployer.Yaml;

namespace ThinDeployer.Notifications;

/// <summary>Sends to one target.</summary>
/// <param name="linkOf">The page of a deployment; null where nobody knows the server's address.</param>
internal sealed class Notifier(NotificationTarget target, OutboxHttp http, Func<string, Uri?> linkOf, TimeProvider time)
    : IOutboxTarget
{
    internal NotificationTarget Target => target;

    public string Key { get; } = target.Key;

    public string Kind => target.Kind.Name;

    public string Name => target.Name;

    public Task<Receipt> SendAsync(OutboxItem item, CancellationToken cancellationToken) =>
        News.Read(item.Content) is { } news
            ? SendAsync(news with { Repeats = item.Repeats }, $"{item.DeploymentId}.{item.Number}", cancellationToken)
            : Task.FromResult<Receipt>(new Receipt.Refused("it can't be read any more"));

    /// <param name="news">What is told.</param>
    /// <param name="id">The same at each try.</param>
    /// <param name="cancellationToken">Ends the try.</param>
    internal Task<Receipt> SendAsync(News news, string id, CancellationToken cancellationToken)
    {
        string? why = null;
        var url = Text(target.Url, "url_file");
        var token = Text(target.Token, "token_file");
        var secret = Text(target.Secret, "secret");
        Uri? address = null;
        if (why is null && url is not null && !HttpAddress.TryParse(url, out address))
        {
            why = "what \"url_file\" holds is no address";
        }

        return why is null
            ? SendAsync(
                target.Kind.MessageOf(
                    news,
                    new MessageContext(
                        target with
                        {
                            Text = news.Template,
                        },
                        address,
                        token,
                        secret,
                        linkOf(news.Deployment),
                        Environment.MachineName,
                        id,
                        time.GetUtcNow()
                    )
                ),
                cancellationToken
            )
            : Task.FromResult<Receipt>(new Receipt.Later(why));

        string? Text(KeptSecret? kept, string key)
        {
            if (kept is null)
            {
                return null;
            }

            var text = kept.Read(out var reason);
            why ??= reason is null ? null : $"\"{key}\": {reason}";
            return text;
        }
    }

    private Task<Receipt> SendAsync(OutgoingMessage message, CancellationToken cancellationToken) =>
        message switch
        {
            HttpMessage post => http.SendAsync(RequestOf(post), judge: null, cancellationToken),
            MailMessage mail => Mailer.SendAsync(target.Mail!, mail, time, cancellationToken),
            _ => throw new InvalidOperationException($"Nobody sends {message.GetType()}."),
        };

    private static HttpRequestMessage RequestOf(HttpMessage message)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, message.Url)
        {
            Content = new ReadOnlyMemoryContent(message.Body),
        };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(message.ContentType);
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("thin-deployer", productVersion: null));
        foreach (var (name, value) in message.Headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return request;
    }
}
