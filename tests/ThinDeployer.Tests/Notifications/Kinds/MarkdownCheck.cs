using System.Text.RegularExpressions;

namespace ThinDeployer.Tests.Notifications.Kinds;

/// <summary>Looks for markup that is not ours.</summary>
internal static partial class MarkdownCheck
{
    /// <param name="text">With one fence at most, and headline, facts and links as we write them.</param>
    internal static void NothingOfOthers(string text)
    {
        Assert.True(Sample.IsPlain(text));
        var fence = Sample.Fence(text);
        Assert.NotNull(fence);
        Assert.DoesNotMatch(Mention(), fence.Value.Outside);
        var others = Escaped().Replace(Ours().Replace(fence.Value.Outside, "ours"), "e");
        Assert.DoesNotMatch(Markup(), others);
    }

    [GeneratedRegex("@(?!\u200b)", RegexOptions.None, 10_000)]
    private static partial Regex Mention();

    [GeneratedRegex(
        @"^\*\*(?:By|Ref|Commit|Failed step|Cancelled by|Summary|Host):\*\* |^. \*\*|\*\*$|^\[(?:Deployment|Commit)\]\(https?://[^()\s]+\)$",
        RegexOptions.Multiline,
        10_000
    )]
    private static partial Regex Ours();

    [GeneratedRegex(@"\\.", RegexOptions.None, 10_000)]
    private static partial Regex Escaped();

    [GeneratedRegex(@"[*`\[\]|<>\\]|^(?:[-+=]|\d)", RegexOptions.Multiline, 10_000)]
    private static partial Regex Markup();
}
