using System.Globalization;
using System.Text;

namespace ThinDeployer.Contract.Tests.Http;

/// <summary>The text of a request, for <see cref="RawHttp"/>.</summary>
internal static class RawRequest
{
    private const string Length = "Content-Length: ";

    internal static string Get(string target, params string[] headers) => Head("GET", target, headers);

    /// <summary>A body of plain text, each character one byte.</summary>
    internal static string Post(string target, string body, params string[] headers) =>
        Head("POST", target, [.. headers, $"Content-Length: {Encoding.Latin1.GetByteCount(body)}"]) + body;

    /// <summary>All up to the empty line; what follows is up to the test.</summary>
    internal static string Head(string method, string target, params string[] headers) =>
        $"{method} {target} HTTP/1.1\nHost: localhost\n{string.Concat(headers.Select(header => header + "\n"))}\n";

    /// <summary>The same with a body as long as its head announces.</summary>
    internal static string WithBody(string request)
    {
        var body = request.IndexOf("\n\n", StringComparison.Ordinal) + 2;
        var length = request
            .Split('\n')
            .Where(line => line.StartsWith(Length, StringComparison.OrdinalIgnoreCase))
            .Select(line => int.Parse(line[Length.Length..], CultureInfo.InvariantCulture))
            .SingleOrDefault();
        return request.PadRight(body + length, 'x');
    }
}
