using System.Globalization;
using System.Text;
using System.Text.Json;

namespace ThinDeployer.Fuzz.Serving;

/// <summary>The first final answer on a connection.</summary>
internal sealed record Reply(int Status, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    private const string HeadEnd = "\r\n\r\n";

    internal bool IsJson =>
        Headers.TryGetValue("Content-Type", out var type)
        && type.StartsWith("application/json", StringComparison.Ordinal);

    /// <summary>Throws when it is none.</summary>
    internal JsonElement Json => JsonElement.Parse(Body);

    internal string Text => Encoding.UTF8.GetString(Body);

    /// <summary>Null as long as it is not complete.</summary>
    /// <param name="received">All bytes so far.</param>
    /// <param name="hasBody">False for an answer to HEAD.</param>
    /// <param name="isEnded">Whether the server has closed; to HTTP/1.0 this is the end of a body.</param>
    internal static Reply? Parse(byte[] received, bool hasBody, bool isEnded)
    {
        var text = Encoding.Latin1.GetString(received);
        while (text.IndexOf(HeadEnd, StringComparison.Ordinal) is >= 0 and var end)
        {
            var lines = text[..end].Split("\r\n");
            var status = int.Parse(lines[0].Split(' ')[1], CultureInfo.InvariantCulture);
            var rest = text[(end + HeadEnd.Length)..];
            if (status < 200)
            {
                text = rest;
                continue;
            }

            var headers = lines
                .Skip(1)
                .Select(line => line.Split(": ", 2))
                .GroupBy(parts => parts[0], StringComparer.OrdinalIgnoreCase)
                .ToDictionary(group => group.Key, group => group.First()[1], StringComparer.OrdinalIgnoreCase);
            var body = hasBody && status is not (204 or 304) ? BodyOf(headers, rest, isEnded) : "";
            return body is null ? null : new Reply(status, headers, Encoding.Latin1.GetBytes(body));
        }

        return null;
    }

    private static string? BodyOf(Dictionary<string, string> headers, string rest, bool isEnded)
    {
        if (headers.TryGetValue("Content-Length", out var length))
        {
            var count = int.Parse(length, CultureInfo.InvariantCulture);
            return rest.Length < count ? null : rest[..count];
        }

        return headers.ContainsKey("Transfer-Encoding") ? Chunks(rest)
            : isEnded ? rest
            : null;
    }

    private static string? Chunks(string rest)
    {
        var body = new StringBuilder();
        while (rest.IndexOf("\r\n", StringComparison.Ordinal) is >= 0 and var end)
        {
            var size = int.Parse(rest[..end], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            if (rest.Length < end + size + 4)
            {
                return null;
            }

            if (size == 0)
            {
                return body.ToString();
            }

            body.Append(rest, end + 2, size);
            rest = rest[(end + size + 4)..];
        }

        return null;
    }
}
