using ThinDeployer.Security;
using ThinDeployer.Yaml;

namespace ThinDeployer.Notifications;

/// <summary>Reads <c>notify</c>, and the original's <c>use_notification</c> with what belongs to it.</summary>
internal static class NotifyReader
{
    private const int MaximumTargets = 50;
    private const int MaximumLines = 500;

    internal static IReadOnlyList<NotificationTarget> Read(MapReader service)
    {
        var targets = new List<NotificationTarget>();
        if (SeedTarget(service) is { } seed)
        {
            targets.Add(seed);
        }

        var items = service.List("notify");
        foreach (var item in items.Take(MaximumTargets))
        {
            if (item is not YamlMap map)
            {
                service.Context.Mistake(
                    item.Place,
                    "an entry of \"notify\" must be a map, such as {to: slack, url: https://…}"
                );
            }
            else if (ReadTarget(new MapReader(map, service.Context)) is { } target)
            {
                targets.Add(target);
            }
        }

        if (items.Count > MaximumTargets)
        {
            service.Context.Mistake(
                items[MaximumTargets].Place,
                $"\"notify\" must have at most {MaximumTargets} entries"
            );
        }

        return targets;
    }

    /// <summary>Null after a mistake.</summary>
    internal static NotificationTarget? ReadTarget(MapReader keys)
    {
        var context = keys.Context;
        var before = context.Problems.Mistakes;
        var kind = KindOf(keys);
        var url = KeptSecretReader.Read(keys, "url", "url_file", UrlMistake);
        var token = KeptSecretReader.Read(keys, "token", "token_file");
        var secret = KeptSecretReader.Read(keys, "secret", fileKey: null);
        Check(keys, url.Key, NotifyKeys.Url, kind, url.IsGiven);
        Check(keys, token.Key, NotifyKeys.Token, kind, token.IsGiven);
        Check(keys, secret.Key, NotifyKeys.Secret, kind, secret.IsGiven);
        var chat = keys.Text("chat");
        Check(keys, "chat", NotifyKeys.Chat, kind, chat is not null);
        var mail = MailReader.Read(keys, kind);
        var on = Events(keys);
        var lines = keys.Integer("output", NotificationTarget.DefaultOutputLines, minimum: 0, MaximumLines);
        var text = TemplateOf(keys);
        keys.Finish();
        if (kind?.MistakeIn(url.Shown, secret.Shown) is { } mistake)
        {
            keys.Context.Mistake(keys.Place, mistake);
        }

        return kind is null || context.Problems.Mistakes > before
            ? null
            : new NotificationTarget
            {
                Kind = kind,
                Url = url.Secret,
                Token = token.Secret,
                Secret = secret.Secret,
                Chat = chat,
                Mail = mail,
                On = on,
                OutputLines = lines,
                Text = text,
                Name = NameOf(kind, url.Shown, mail),
            };
    }

    /// <summary>What the original had: each end, in its own words.</summary>
    private static NotificationTarget? SeedTarget(MapReader service)
    {
        var wanted = service.Boolean("use_notification", byDefault: false);
        var group = service.Text("notification_group");
        var url = service.Text("notification_webhook_url");
        if (url is not null && UrlMistake(url) is { } mistake)
        {
            service.Context.Mistake(
                service.Node("notification_webhook_url")!.Place,
                $"\"notification_webhook_url\" {mistake}"
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

        return wanted && url is not null
            ? new NotificationTarget
            {
                Kind = NotificationKinds.Seed,
                Url = KeptSecret.OfText(url),
                Chat = group,
                On = new HashSet<NewsEvent> { NewsEvent.Succeeded, NewsEvent.Failed },
                OutputLines = int.MaxValue,
                IsDamped = false,
                Name = new Uri(url).Host,
            }
            : null;
    }

    /// <summary>As written: a misspelt word would stand so in each message.</summary>
    private static string? TemplateOf(MapReader keys)
    {
        var text = keys.RawText("text");
        NewsTemplate.Fill(
            text ?? "",
            word =>
            {
                if (word.Length > 0 && word.All(char.IsAsciiLetterLower) && !NewsTemplate.Words.Contains(word))
                {
                    keys.Context.Warn(
                        keys.Node("text")!.Place,
                        $"%{word}% means nothing in \"text\"; known here: {string.Join(", ", NewsTemplate.Words)}"
                    );
                }

                return null;
            }
        );
        return text;
    }

    private static INotificationKind? KindOf(MapReader keys)
    {
        string[] names = [.. NotificationKinds.All.Select(kind => kind.Name)];
        if (keys.Node("to") is null or YamlText { Text.Length: 0 })
        {
            keys.OptionalChoice("to", names);
            keys.Context.Mistake(
                keys.Node("to")?.Place ?? keys.Place,
                $"\"to\" is missing; name one of: {string.Join(", ", names)}"
            );
            return null;
        }

        return keys.OptionalChoice("to", names) is { } name ? NotificationKinds.Parse(name) : null;
    }

    private static string? UrlMistake(string url) =>
        HttpAddress.TryParse(url, out _) ? null : "must be an address that begins with http:// or https://";

    /// <summary>Says what is missing for a kind, and what it has no use for.</summary>
    internal static void Check(MapReader keys, string key, NotifyKeys flag, INotificationKind? kind, bool isGiven)
    {
        if (kind is null)
        {
            return;
        }

        if (!isGiven && kind.Needs.HasFlag(flag))
        {
            keys.Context.Mistake(
                keys.Node(key)?.Place ?? keys.Place,
                $"{Quote.Of(key)} is missing; {kind.Name} needs it"
            );
        }
        else if (isGiven && !(kind.Needs | kind.Takes).HasFlag(flag))
        {
            keys.Context.Mistake(keys.Node(key)!.Place, $"{kind.Name} has no use for {Quote.Of(key)}");
        }
    }

    private static HashSet<NewsEvent> Events(MapReader keys)
    {
        var events = new HashSet<NewsEvent>();
        var items = keys.List("on");
        foreach (var item in items)
        {
            if (item is YamlText { Text: var name } && NewsEvents.Parse(name) is { } happened)
            {
                events.Add(happened);
            }
            else
            {
                keys.Context.Mistake(
                    item.Place,
                    $"\"on\" must be a list of some of: {string.Join(", ", NewsEvents.Names)}"
                );
            }
        }

        if (items.Count == 0 && keys.Node("on") is YamlList { Place: var place })
        {
            keys.Context.Mistake(place, "\"on\" is empty, so nobody would be told anything");
        }

        return events.Count > 0 ? events : [NewsEvent.Failed, NewsEvent.Recovered];
    }

    private static string NameOf(INotificationKind kind, string? url, MailAddresses? mail) =>
        mail is not null ? $"{kind.Name} ({mail.Host})"
        : url is not null && HttpAddress.TryParse(url, out var address) ? $"{kind.Name} ({address.Host})"
        : kind.Name;
}
