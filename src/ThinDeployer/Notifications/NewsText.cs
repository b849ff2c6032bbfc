using System.Globalization;
using ThinDeployer.Deployments;
using ThinDeployer.Yaml;

namespace ThinDeployer.Notifications;

/// <summary>The words that all kinds share. Texts of others are plain in them, and bounded.</summary>
internal static class NewsText
{
    /// <summary>Of the name of a service, in UTF-16 units.</summary>
    private const int LongestService = 100;

    /// <summary>Of a value, in UTF-16 units.</summary>
    private const int LongestValue = 200;

    /// <summary>Of the summary, in UTF-16 units.</summary>
    private const int LongestSummary = 300;

    /// <summary>Of a message of one's own, in UTF-16 units.</summary>
    private const int LongestOwn = 1_500;

    /// <summary>Of an address, in UTF-16 units; a longer one is left out.</summary>
    private const int LongestLink = 700;

    /// <summary>Characters of a commit's hash.</summary>
    private const int ShortCommit = 7;

    private const int HoursPerDay = 24;

    /// <summary>Such as <c>shop: deployment failed after 3 s, rolled back</c>.</summary>
    internal static string Headline(News news) =>
        Service(news)
        + news.Event switch
        {
            NewsEvent.Accepted => ": deployment accepted",
            NewsEvent.Started => ": deployment started",
            NewsEvent.Waiting => news.WaitsForWindow
                ? ": deployment waits for its window"
                : ": deployment waits for approval",
            NewsEvent.Succeeded => $": deployed{Took(news, "in")}{HookEnd(news)}",
            NewsEvent.Recovered => $" recovered: deployed{Took(news, "in")}{HookEnd(news)}",
            NewsEvent.Failed => $": deployment {BadEnd(news.Status)}{Again(news)}{HookEnd(news)}",
            _ => throw new ArgumentOutOfRangeException(nameof(news), news.Event, message: null),
        };

    /// <summary>A sign that says the same as the headline, at a glance.</summary>
    internal static string Sign(News news) =>
        news.Event switch
        {
            NewsEvent.Succeeded or NewsEvent.Recovered => "✅",
            NewsEvent.Failed => "❌",
            _ => "⏳",
        };

    /// <summary>What is known, by names; only the summary may have several lines.</summary>
    internal static IReadOnlyList<NewsFact> Facts(News news, string host)
    {
        var facts = new List<NewsFact>();
        Add("By", Who(news));
        Add("Ref", Ref(news));
        Add("Commit", $"{Commit(news)} {news.CommitSubject}");
        Add("Failed step", FailedStep(news));
        Add("Cancelled by", news.CancelledBy);
        if (PlainText.Of(news.Summary ?? "").Trim() is { Length: > 0 } summary)
        {
            facts.Add(new NewsFact("Summary", Beginning.Marked(summary, LongestSummary)));
        }

        Add("Host", host);
        return facts;

        void Add(string label, string? value)
        {
            if (Line(value) is { Length: > 0 } line)
            {
                facts.Add(new NewsFact(label, line));
            }
        }
    }

    /// <summary>The message that the target wants instead of headline and facts; null where it wants none, or it says nothing.</summary>
    internal static string? Own(News news, MessageContext context)
    {
        var filled = NewsTemplate.Fill(context.Target.Text ?? "", word => Value(word, news, context)).Trim();
        return filled.Length > 0 ? Beginning.Marked(filled, LongestOwn) : null;
    }

    /// <summary>Where people can look.</summary>
    internal static IReadOnlyList<NewsLink> Links(News news, MessageContext context)
    {
        var commit = Uri.TryCreate(news.CommitUrl, UriKind.Absolute, out var url) ? url : null;
        return
        [
            .. new[] { ("Deployment", context.Link), ("Commit", commit) }
                .Where(link => link.Item2 is not null && IsShown(link.Item2))
                .Select(link => new NewsLink(link.Item1, Sealed(link.Item2!))),
        ];
    }

    /// <summary>As <see cref="Links"/>, for below a text in which the target may have put one already.</summary>
    internal static IReadOnlyList<NewsLink> LinksBelow(News news, MessageContext context) =>
        context.Target.Text?.Contains("%link%", StringComparison.Ordinal) is true ? [] : Links(news, context);

    /// <summary>The end of the output; empty for none.</summary>
    internal static string Output(News news)
    {
        var output = PlainText.Of(news.Output).Trim('\n').TrimEnd();
        return output.Length > 0 && news.IsCut ? $"…\n{output}" : output;
    }

    /// <summary>Headline and facts, or what stands instead, for what knows no markup.</summary>
    internal static string Body(News news, MessageContext context) =>
        Own(news, context) ?? $"{Headline(news)}\n\n{Lines(Facts(news, context.Host))}";

    internal static string Lines(IEnumerable<NewsFact> facts) =>
        string.Join('\n', facts.Select(fact => $"{fact.Label}: {fact.Value}"));

    private static string? Value(string word, News news, MessageContext context) =>
        word switch
        {
            "service" => Service(news),
            "status" => StatusWord(news),
            "duration" => Duration(news),
            "who" => Line(Who(news)),
            "ref" => Line(Ref(news)),
            "commit" => Line(Commit(news)),
            "link" => context.Link is { } link && IsShown(link) ? Sealed(link) : "",
            "host" => Line(context.Host),
            _ => null,
        };

    /// <summary>One with a name before its host looks as if it led to that name.</summary>
    private static bool IsShown(Uri url) =>
        (url.Scheme == Uri.UriSchemeHttps || url.Scheme == Uri.UriSchemeHttp)
        && url.UserInfo.Length == 0
        && Sealed(url).Length <= LongestLink;

    /// <summary>With those signs escaped that would end it in a message, or begin a mention; the others are already.</summary>
    private static string Sealed(Uri url) =>
        url
            .AbsoluteUri.Replace("(", "%28", StringComparison.Ordinal)
            .Replace(")", "%29", StringComparison.Ordinal)
            .Replace("|", "%7C", StringComparison.Ordinal)
            .Replace("@", "%40", StringComparison.Ordinal);

    private static string Service(News news) => Beginning.Marked(PlainText.Line(news.Service), LongestService);

    private static string Line(string? value) => Beginning.Marked(PlainText.Line(value ?? ""), LongestValue);

    private static string? Who(News news) =>
        news is { Actor: { } actor, Who: { } who } && actor != who ? $"{actor} ({who})" : news.Actor ?? news.Who;

    private static string? Ref(News news) =>
        news.Ref is { } name && name.StartsWith("refs/heads/", StringComparison.Ordinal)
            ? name["refs/heads/".Length..]
            : news.Ref;

    private static string Commit(News news) =>
        news.Commit is { Length: > ShortCommit } commit ? commit[..ShortCommit] : news.Commit ?? "";

    private static string? FailedStep(News news) =>
        news.FailedStep is null
            ? news.Reason
            : Line(news.FailedStep)
                + (news.ExitCode is { } code ? string.Create(CultureInfo.InvariantCulture, $" (exit code {code})") : "")
                + (news.Reason is null ? "" : $": {news.Reason}");

    private static string StatusWord(News news) =>
        news.Event is NewsEvent.Accepted or NewsEvent.Started or NewsEvent.Waiting
            ? news.Event.Name()
            : news.Status.Name().Replace('_', ' ');

    private static string BadEnd(DeploymentStatus status) =>
        status switch
        {
            DeploymentStatus.TimedOut => "timed out",
            DeploymentStatus.Cancelled => "was cancelled",
            DeploymentStatus.Interrupted => "was interrupted",
            DeploymentStatus.Superseded => "was superseded",
            DeploymentStatus.Rejected => "was rejected",
            DeploymentStatus.Expired => "expired",
            _ => "failed",
        };

    /// <summary>Of a failure that comes again and again, the times say more than how long the last one took.</summary>
    private static string Again(News news) =>
        news.Repeats switch
        {
            0 => Took(news, "after"),
            1 => " again",
            _ => string.Create(CultureInfo.InvariantCulture, $" again, {news.Repeats} times"),
        };

    private static string HookEnd(News news) =>
        (news.Hook, news.IsHookGood) switch
        {
            (Hook.OnFailure, true) => ", rolled back",
            (Hook.OnFailure, false) => ", and the rollback failed",
            (Hook.OnSuccess, false) => ", but its on_success failed",
            _ => "",
        };

    private static string Took(News news, string word) =>
        Duration(news) is { Length: > 0 } duration ? $" {word} {duration}" : "";

    /// <summary>Two units at most; empty where it is not known.</summary>
    private static string Duration(News news)
    {
        if (news.DurationMs is not { } milliseconds)
        {
            return "";
        }

        var span = TimeSpan.FromMilliseconds(milliseconds);
        return span < TimeSpan.FromSeconds(1)
                ? string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds:0.0} s")
            : span < TimeSpan.FromMinutes(1) ? $"{span.Seconds} s"
            : span < TimeSpan.FromHours(1) ? Two(span.Minutes, "min", span.Seconds, "s")
            : span < TimeSpan.FromHours(HoursPerDay) ? Two(span.Hours, "h", span.Minutes, "min")
            : Two((int)span.TotalDays, "d", span.Hours, "h");
    }

    private static string Two(int first, string unit, int second, string smaller) =>
        second == 0 ? $"{first} {unit}" : $"{first} {unit} {second} {smaller}";
}

/// <summary>Something that is known of a deployment.</summary>
/// <param name="Value">Plain.</param>
internal sealed record NewsFact(string Label, string Value);

/// <summary>A place to look at.</summary>
/// <param name="Url">By HTTP or HTTPS, with all signs escaped that would end it in a message.</param>
internal sealed record NewsLink(string Label, string Url);
