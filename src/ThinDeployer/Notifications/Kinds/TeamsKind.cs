using System.Text.Json.Nodes;

namespace ThinDeployer.Notifications.Kinds;

/// <summary>
/// A webhook of the Workflows app of Microsoft Teams ("When a Teams webhook request is received",
/// support.microsoft.com: Create incoming webhooks with Workflows), which takes an Adaptive Card. All texts are text runs, in which no
/// Markdown is read (learn.microsoft.com/adaptive-cards/schema-explorer/text-run); each line is one of its own, since a run has no lines.
/// </summary>
internal sealed class TeamsKind : INotificationKind
{
    /// <summary>
    /// Bytes of the whole. Teams allows about 28 KB (learn.microsoft.com/connectors/teams, Message size limit), in which it counts what it
    /// makes of them.
    /// </summary>
    internal const int Maximum = 20_000;

    /// <summary>Of a text of ones own, and of a summary; what follows stands on the last.</summary>
    private const int MaximumLines = 30;

    /// <summary>Of output: more would not fit, however short they are.</summary>
    private const int MaximumOutputLines = 200;

    public string Name => "teams";

    public NotifyKeys Needs => NotifyKeys.Url;

    public OutgoingMessage MessageOf(News news, MessageContext context)
    {
        var output = LimitedText.Longest(
            LastLines(NewsText.Output(news)),
            PlainText.End,
            part => Message(news, context, part).Length <= Maximum
        );
        return new HttpMessage(context.Url!, Message(news, context, output));
    }

    private static ReadOnlyMemory<byte> Message(News news, MessageContext context, string output) =>
        MessageJson.Bytes(
            new JsonObject
            {
                ["type"] = "message",
                ["attachments"] = new JsonArray([
                    new JsonObject
                    {
                        ["contentType"] = "application/vnd.microsoft.card.adaptive",
                        ["content"] = Card(news, context, output),
                    },
                ]),
            }
        );

    private static JsonObject Card(News news, MessageContext context, string output) =>
        new()
        {
            ["$schema"] = "http://adaptivecards.io/schemas/adaptive-card.json",
            ["type"] = "AdaptiveCard",
            ["version"] = "1.4",
            ["msteams"] = new JsonObject { ["width"] = "Full" },
            ["body"] = new JsonArray([.. Head(news, context), .. Code(output)]),
            ["actions"] = new JsonArray([.. NewsText.Links(news, context).Select(link => (JsonNode)Action(link))]),
        };

    private static IEnumerable<JsonNode> Head(News news, MessageContext context)
    {
        if (NewsText.Own(news, context) is { } own)
        {
            return Lines(own).Select(line => Line(Run(line)));
        }

        var headline = Run($"{NewsText.Sign(news)} {NewsText.Headline(news)}");
        headline["weight"] = "Bolder";
        headline["size"] = "Medium";
        return [Line(headline), .. NewsText.Facts(news, context.Host).SelectMany(Fact)];
    }

    private static IEnumerable<JsonNode> Fact(NewsFact fact)
    {
        var lines = Lines(fact.Value);
        var label = Run($"{fact.Label}: ");
        label["weight"] = "Bolder";
        return [Line(label, Run(lines[0])), .. lines.Skip(1).Select(line => Line(Run(line)))];
    }

    private static List<string> Lines(string text) =>
        [.. text.Split('\n', MaximumLines).Select(line => line.Replace('\n', ' '))];

    private static string LastLines(string output)
    {
        var lines = output.Split('\n');
        return lines.Length > MaximumOutputLines ? string.Join('\n', ["…", .. lines[^MaximumOutputLines..]]) : output;
    }

    private static IEnumerable<JsonNode> Code(string output)
    {
        if (output.Length == 0)
        {
            return [];
        }

        var lines = output.Split('\n').Select(line => (JsonNode)Line(Monospaced(line)));
        return
        [
            new JsonObject
            {
                ["type"] = "Container",
                ["style"] = "emphasis",
                ["items"] = new JsonArray([.. lines]),
            },
        ];
    }

    private static JsonObject Line(params JsonNode?[] runs) =>
        new()
        {
            ["type"] = "RichTextBlock",
            ["spacing"] = "None",
            ["inlines"] = new JsonArray(runs),
        };

    // A run must not be empty, and blanks would be shown as one.
    private static JsonObject Run(string text) =>
        new() { ["type"] = "TextRun", ["text"] = text.Length == 0 ? "\u00a0" : text };

    private static JsonObject Monospaced(string text)
    {
        var run = Run(text.Replace("\t", "    ", StringComparison.Ordinal).Replace(' ', '\u00a0'));
        run["fontType"] = "Monospace";
        return run;
    }

    private static JsonObject Action(NewsLink link) =>
        new()
        {
            ["type"] = "Action.OpenUrl",
            ["title"] = link.Label,
            ["url"] = link.Url,
        };
}
