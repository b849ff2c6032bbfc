using System.Text;

namespace ThinDeployer.Contract.Tests.Http;

/// <summary>The text of a request, for <see cref="RawHttp"/>.</summary>
internal static class RawRequest
{
    internal static string Get(string target, params string[] headers) => Head("GET", target, headers);

    /// <summary>A body of plain text, each character one byte.</summary>
    internal static string Post(string target, string body, params string[] headers) =>
        Head("POST", target, [.. headers, $"Content-Length: {Encoding.Latin1.GetByteCount(body)}"]) + body;

    /// <summary>All up to the empty line; what follows is up to the test.</summary>
    internal static string Head(string method, string target, params string[] headers) =>
        $"{method} {target} HTTP/1.1\nHost: localhost\n{string.Concat(headers.Select(header => header + "\n"))}\n";
}
