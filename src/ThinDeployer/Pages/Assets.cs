using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using ThinDeployer.Http;

namespace ThinDeployer.Pages;

/// <summary>
/// Styles, script and pictures of the page. They are parts of the program, and their names change with what is in them, so a
/// browser may keep them for good.
/// </summary>
internal sealed partial class Assets : IRouteGroup
{
    private const string Prefix = "ThinDeployer.Pages.Assets.";
    private const string ForGood = "public, max-age=31536000, immutable";

    /// <summary>Hexadecimal digits of the SHA-256 of what is in it.</summary>
    private const int DigestDigits = 12;

    /// <summary>By the name in the URL.</summary>
    private static readonly FrozenDictionary<string, Asset> ByUrl = Named([.. Load()])
        .ToFrozenDictionary(asset => asset.UrlName, StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, string> UrlNames = ByUrl.Values.ToFrozenDictionary(
        asset => asset.Name,
        asset => asset.UrlName,
        StringComparer.Ordinal
    );

    public IReadOnlyList<RouteEntry> Routes => [new("ui/assets/{name}", ["GET"], SendAsync)];

    /// <summary>Below the page: <c>assets/page.0123456789ab.css</c>.</summary>
    /// <param name="name">Such as <c>page.css</c>.</param>
    internal static string PathOf(string name) => "assets/" + UrlNames[name];

    private static Task SendAsync(HttpContext context, string name)
    {
        if (!ByUrl.TryGetValue(name, out var asset))
        {
            return context.AnswerAsync(StatusCodes.Status404NotFound, "There is nothing at this path");
        }

        context.Response.Headers.CacheControl = ForGood;
        context.Response.ContentType = asset.Type;
        context.Response.ContentLength = asset.Bytes.Length;
        return context.Response.Body.WriteAsync(asset.Bytes, context.RequestAborted).AsTask();
    }

    /// <summary>A script that uses another one must know the name that this one has.</summary>
    private static IEnumerable<Asset> Named(List<Asset> assets)
    {
        var page = assets.Single(asset => asset.Name == "page.js");
        return assets.Select(asset =>
            asset.Name == "log.js"
                ? new Asset(
                    asset.Name,
                    Encoding.UTF8.GetBytes(
                        Encoding
                            .UTF8.GetString(asset.Bytes)
                            .Replace("./page.js", "./" + page.UrlName, StringComparison.Ordinal)
                    )
                )
                : asset
        );
    }

    private static IEnumerable<Asset> Load()
    {
        var program = typeof(Assets).Assembly;
        foreach (
            var resource in program
                .GetManifestResourceNames()
                .Where(resource => resource.StartsWith(Prefix, StringComparison.Ordinal))
        )
        {
            using var content = program.GetManifestResourceStream(resource)!;
            var bytes = new byte[content.Length];
            content.ReadExactly(bytes);
            var name = resource[Prefix.Length..];
            yield return new Asset(
                name,
                Path.GetExtension(name) switch
                {
                    ".js" => Encoding.UTF8.GetBytes(Needless().Replace(Slim(bytes), "${needed}")),
                    ".css" => Encoding.UTF8.GetBytes(Slim(bytes)),
                    _ => bytes,
                }
            );
        }
    }

    /// <summary>
    /// Without comments that stand by themselves, and without indentation: half of a script is for its readers. Neither a text
    /// nor a pattern in them holds what looks like a comment.
    /// </summary>
    private static string Slim(byte[] bytes)
    {
        var lines = BlockComment()
            .Replace(Encoding.UTF8.GetString(bytes), "")
            .Split('\n')
            .Select(line => line.Trim())
            .Where(line => line.Length > 0 && !line.StartsWith("//", StringComparison.Ordinal));
        return string.Join('\n', lines);
    }

    [GeneratedRegex(@"/\*.*?\*/", RegexOptions.Singleline | RegexOptions.NonBacktracking)]
    private static partial Regex BlockComment();

    /// <summary>
    /// Of a script: space that parts no two words, and a semicolon before a brace. Texts are in double quotes or backticks, no pattern
    /// has space, and each statement ends with a semicolon.
    /// </summary>
    [GeneratedRegex(
        """(?<needed>"(\\.|[^"\\])*"|`(\\.|[^`\\])*`|\b\s+\b)|\s+|;\s*(?<needed>\})""",
        RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking
    )]
    private static partial Regex Needless();

    /// <summary>Of all of them, as they are sent, by name. Bytes.</summary>
    internal static IReadOnlyDictionary<string, int> Sizes =>
        ByUrl.Values.ToDictionary(asset => asset.Name, asset => asset.Bytes.Length, StringComparer.Ordinal);

    private sealed record Asset(string Name, byte[] Bytes)
    {
        internal string UrlName { get; } =
            $"{Path.GetFileNameWithoutExtension(Name)}.{Convert.ToHexStringLower(SHA256.HashData(Bytes))[..DigestDigits]}{Path.GetExtension(Name)}";

        internal string Type { get; } =
            Path.GetExtension(Name) switch
            {
                ".css" => "text/css; charset=utf-8",
                ".js" => "text/javascript; charset=utf-8",
                ".svg" => "image/svg+xml",
                _ => "application/octet-stream",
            };
    }
}
