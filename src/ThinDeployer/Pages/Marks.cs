using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Html;
using ThinDeployer.Deployments;

namespace ThinDeployer.Pages;

/// <summary>Small pieces of HTML that many pages show. What comes from elsewhere is encoded here.</summary>
internal static class Marks
{
    /// <summary>A state by sign and word.</summary>
    internal static HtmlString State(DeploymentStatus status) =>
        new(
            $"<span class=\"state {Shown.Class(status)}\"><span aria-hidden=\"true\">{Shown.Icon(status)}</span> {Shown.Word(status)}</span>"
        );

    /// <summary>A time, roughly; exactly for who points at it, and for the script, which keeps it true.</summary>
    internal static HtmlString Time(DateTimeOffset at, DateTimeOffset now) =>
        new($"<time datetime=\"{Shown.Iso(at)}\" title=\"{Shown.Exact(at)}\">{Shown.Ago(at, now)}</time>");

    /// <summary>A commit: its subject, or its hash, with a link where the sender gave one.</summary>
    internal static HtmlString Commit(DeploymentTrigger trigger)
    {
        var text = new StringBuilder();
        var hash = trigger.Commit is { } commit ? Shown.Commit(commit) : null;
        if (trigger.CommitSubject is { } subject)
        {
            text.Append(CultureInfo.InvariantCulture, $"<span class=\"subject\"><bdi>{Encode(subject)}</bdi></span> ");
        }

        if (hash is not null)
        {
            var code = $"<code>{Encode(hash)}</code>";
            text.Append(
                trigger.CommitUrl is { } url
                    ? $"<a href=\"{Encode(url)}\" rel=\"noopener noreferrer\" target=\"_blank\">{code}</a>"
                    : code
            );
        }

        if (trigger.Ref is { } name)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $" <span class=\"ref\"><bdi>{Encode(Shown.Ref(name))}</bdi></span>"
            );
        }

        return new HtmlString(text.ToString());
    }

    /// <summary>The last deployments, oldest first, each a bar whose height and colour tell its state.</summary>
    /// <param name="past">Newest first.</param>
    internal static HtmlString Strip(IReadOnlyList<PastDeployment> past)
    {
        if (past.Count == 0)
        {
            return HtmlString.Empty;
        }

        const int width = 6;
        const int tall = 16;
        const int low = 9;
        var bars = new StringBuilder();
        for (var i = 0; i < past.Count; i++)
        {
            var status = past[past.Count - 1 - i].Status;
            var height = status is DeploymentStatus.Succeeded ? low : tall;
            bars.Append(
                CultureInfo.InvariantCulture,
                $"<rect class=\"{Shown.Class(status)}\" x=\"{i * width}\" y=\"{tall - height}\" width=\"{width - 2}\" height=\"{height}\"/>"
            );
        }

        var told = string.Join(
            ", ",
            past.GroupBy(one => one.Status).Select(group => $"{group.Count()} {Shown.Word(group.Key)}")
        );
        return new HtmlString(
            $"<svg class=\"strip\" role=\"img\" aria-label=\"The last {past.Count}: {told}\" viewBox=\"0 0 {past.Count * width} {tall}\" width=\"{past.Count * width}\" height=\"{tall}\">{bars}</svg>"
        );
    }

    private static string Encode(string text) => HtmlEncoder.Default.Encode(text);
}
