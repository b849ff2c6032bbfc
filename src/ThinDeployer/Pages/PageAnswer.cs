using System.Text.Encodings.Web;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http;
using RazorSlices;

namespace ThinDeployer.Pages;

/// <summary>An answer for a browser to show.</summary>
internal static class PageAnswer
{
    /// <summary>Nothing but what this server gives, nothing inline, and nobody may frame it (w3.org/TR/CSP3).</summary>
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
        + "base-uri 'none'; frame-ancestors 'none'";

    /// <summary>Only what HTML itself demands is escaped, so names of all languages stay readable in it.</summary>
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    internal static async Task WriteAsync(HttpContext context, RazorSlice page, int status = StatusCodes.Status200OK)
    {
        context.Response.StatusCode = status;
        SetHeaders(context);
        await page.RenderAsync(context.Response.BodyWriter, Encoder, context.RequestAborted);
        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }

    /// <summary>Elsewhere, by a GET.</summary>
    internal static Task GoAsync(HttpContext context, string path)
    {
        context.Response.StatusCode = StatusCodes.Status303SeeOther;
        context.Response.Headers.Location = path;
        SetHeaders(context);
        return Task.CompletedTask;
    }

    /// <summary>The same once more, as if it were asked for by a page of ours.</summary>
    internal static Task AgainAsync(HttpContext context)
    {
        SetHeaders(context);
        return context.Response.WriteAsync(
            "<!DOCTYPE html><meta charset=\"utf-8\"><meta http-equiv=\"refresh\" content=\"0\"><title>Thin Deployer</title>",
            context.RequestAborted
        );
    }

    private static void SetHeaders(HttpContext context)
    {
        var headers = context.Response.Headers;
        context.Response.ContentType = "text/html; charset=utf-8";
        headers.ContentSecurityPolicy = Policy;
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
    }
}
