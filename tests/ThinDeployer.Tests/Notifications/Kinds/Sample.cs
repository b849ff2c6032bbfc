using System.Text.Json;
using CsCheck;
using ThinDeployer.Deployments;
using ThinDeployer.Notifications;

namespace ThinDeployer.Tests.Notifications.Kinds;

/// <summary>News to make messages of, friendly and hostile.</summary>
internal static class Sample
{
    internal static readonly News News = new()
    {
        Service = "shop",
        Deployment = "1",
        Event = NewsEvent.Failed,
        Status = DeploymentStatus.Failed,
        At = new DateTimeOffset(2026, 11, 30, 12, 0, 0, TimeSpan.Zero),
        DurationMs = 3_000,
        Actor = "octocat",
        Who = "ci",
        Ref = "refs/heads/main",
        Commit = "59b20b8d5c6ff8d09518454d4dd8b7b30f095ab5",
        CommitSubject = "Sell hats",
        CommitUrl = "https://forge.example.org/shop/commit/59b20b8",
        FailedStep = "make deploy",
        ExitCode = 2,
        Reason = "it ended badly",
        Summary = "3 files\nchanged\n",
        Output = "make: deploy\nmake: *** [deploy] Error 2\n",
    };

    private static readonly string[] Bad =
    [
        "```",
        "`",
        "``",
        "~~~",
        "\n",
        "<!channel>",
        "<@U123>",
        "<@&1>",
        "@channel",
        "@here",
        "@everyone",
        "@octocat",
        "<at>me</at>",
        "</pre>",
        "<b>",
        "&lt;",
        "&",
        "<https://evil.example|click>",
        "[click](https://evil.example)",
        "![x](https://evil.example/x.png)",
        "https://evil.example/a_b",
        "*bold*",
        "__under__",
        "|",
        "> ",
        "- ",
        "1. ",
        "# ",
        "\\",
        "\"",
        "%link%",
        "{{DATE(2017-02-14T06:00:00Z)}}",
        ":smile:",
        "\r\n",
        "\u001b[31m",
        "\u0000",
        "\u202e",
        "\u2028",
        "\ud83d",
        "\ude00",
        "😀",
        "日本",
        "plain words",
    ];

    private static readonly int[] Times = [1, 1, 1, 30, 150];

    /// <summary>Now short, now long.</summary>
    internal static readonly Gen<string> Hostile = Gen.Select(
        Gen.Int[0, Bad.Length - 1].Select(index => Bad[index]).Array[0, 12],
        Gen.Int[0, 4].Select(index => Times[index]),
        (pieces, times) => string.Concat(Enumerable.Repeat(string.Concat(pieces), times))
    );

    internal static readonly Gen<News> HostileNews = Gen.Select(
        Hostile.Array[8],
        Gen.Enum<NewsEvent>(),
        Gen.Enum<DeploymentStatus>(),
        Gen.Bool,
        (texts, happened, status, isCut) =>
            News with
            {
                Service = texts[0],
                Actor = texts[1],
                Ref = texts[2],
                CommitSubject = texts[3],
                FailedStep = texts[4],
                Reason = texts[1],
                Summary = texts[5],
                Output = texts[6],
                CommitUrl = $"https://forge.example.org/{texts[7]}",
                Event = happened,
                Status = status,
                IsCut = isCut,
            }
    );

    /// <summary>With a text of its own, or without.</summary>
    internal static Gen<(News News, MessageContext Context)> HostileFor(INotificationKind kind) =>
        Gen.Select(
            HostileNews,
            Gen.OneOf(Gen.Const((string?)null), Hostile.Select(text => (string?)$"{text} %service% %ref% %who%")),
            (news, template) => (news, Context(kind) with { Target = Target(kind, template) })
        );

    internal static NotificationTarget Target(INotificationKind kind, string? text = null) =>
        new()
        {
            Kind = kind,
            Name = kind.Name,
            Chat = "-100",
            Text = text,
        };

    internal static MessageContext Context(INotificationKind kind) =>
        new(
            Target(kind),
            new Uri("https://chat.example.org/base/hook"),
            "tok",
            Secret: null,
            new Uri("https://deploy.example.org/d/1_2"),
            "web-1",
            "msg_1",
            new DateTimeOffset(2026, 11, 30, 12, 0, 5, TimeSpan.Zero)
        );

    internal static HttpMessage Http(INotificationKind kind, News news, MessageContext? context = null) =>
        Assert.IsType<HttpMessage>(kind.MessageOf(news, context ?? Context(kind)));

    internal static JsonElement Json(INotificationKind kind, News news, MessageContext? context = null) =>
        JsonElement.Parse(Http(kind, news, context).Body.Span);

    /// <summary>What stands between the first fence and the last, and what does not; null where there is not one pair of them.</summary>
    internal static (string Inside, string Outside)? Fence(string text)
    {
        var parts = text.Split("```");
        return parts.Length switch
        {
            1 => ("", text),
            3 => (parts[1], parts[0] + parts[2]),
            _ => null,
        };
    }

    /// <summary>Nothing that a terminal or a reader would be steered by.</summary>
    internal static bool IsPlain(string text) => PlainText.Of(text) == text;
}
