using System.Text.Encodings.Web;
using Markdig;
using Markdig.Extensions.Tables;
using Markdig.Renderers.Html;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;
using Microsoft.AspNetCore.Html;

namespace ThinDeployer.Pages;

/// <summary>
/// A deployment's summary, which its steps wrote, as HTML: Markdown without HTML of its own, links to the web only, and no
/// picture, since that would ask another server.
/// </summary>
internal static class SummaryHtml
{
    /// <summary>
    /// Signs between cells. Each row of a table gets as many cells as the widest one, so their number grows by the square of
    /// these: a summary that is within its limit could take gigabytes.
    /// </summary>
    private const int MostPipes = 500;

    private static readonly MarkdownPipeline Markdown = new MarkdownPipelineBuilder()
        .DisableHtml()
        .UsePipeTables()
        .UseAutoLinks()
        .Build();

    internal static HtmlString Of(string summary)
    {
        try
        {
            return new HtmlString(
                summary.Count(character => character == '|') > MostPipes ? Plain(summary) : Html(summary)
            );
        }
        catch (ArgumentException)
        {
            // So much within each other that the library gives up: nobody meant that as Markdown.
            return new HtmlString(Plain(summary));
        }
    }

    private static string Plain(string summary) => $"<pre>{HtmlEncoder.Default.Encode(summary)}</pre>";

    private static string Html(string summary)
    {
        var document = Markdig.Markdown.Parse(summary, Markdown);
        foreach (var link in document.Descendants<LinkInline>().ToList())
        {
            Tame(link);
        }

        foreach (var link in document.Descendants<AutolinkInline>().Where(link => !IsOfWeb(link.Url)).ToList())
        {
            link.ReplaceBy(new LiteralInline(link.Url));
        }

        foreach (var column in document.Descendants<Table>().SelectMany(table => table.ColumnDefinitions))
        {
            // It would be a style within the page, which the page's policy forbids.
            column.Alignment = null;
        }

        return document.ToHtml(Markdown);
    }

    private static void Tame(LinkInline link)
    {
        if (link.IsImage || !IsOfWeb(link.Url))
        {
            // Its text stays.
            link.IsImage = false;
            link.ReplaceBy(new ContainerInline(), copyChildren: true);
            return;
        }

        var attributes = link.GetAttributes();
        attributes.AddProperty("rel", "noopener noreferrer");
        attributes.AddProperty("target", "_blank");
    }

    private static bool IsOfWeb(string? url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var address) && address.Scheme is "http" or "https";
}
