using System.Text;

namespace ThinDeployer.Http;

/// <summary>The body of a request, for steps and for the record: without the token that a form may have carried.</summary>
internal static class RequestPayload
{
    private static readonly byte[] TokenName = "token"u8.ToArray();

    /// <param name="request">Its body is read.</param>
    internal static byte[] Of(DeployRequest request)
    {
        if (request.Form.TokenCount == 0)
        {
            return request.Body;
        }

        return request.IsUrlEncoded ? WithoutToken(request.Body) : Replaced(request.Body, request.Form.Tokens);
    }

    /// <summary>All other arguments as they were sent.</summary>
    private static byte[] WithoutToken(ReadOnlySpan<byte> form)
    {
        var kept = new List<byte>(form.Length);
        foreach (var range in form.Split((byte)'&'))
        {
            if (!UrlEncoded.NameOf(form[range]).SequenceEqual(TokenName))
            {
                kept.AddRange(kept.Count > 0 ? "&"u8 : []);
                kept.AddRange(form[range]);
            }
        }

        return [.. kept];
    }

    /// <summary>Of a multipart form, whose parts stay where they are.</summary>
    private static byte[] Replaced(byte[] body, IEnumerable<byte[]> tokens)
    {
        // Latin-1 gives each byte one character and back.
        var text = Encoding.Latin1.GetString(body);
        foreach (var token in tokens.Where(token => token.Length > 0))
        {
            text = text.Replace(Encoding.Latin1.GetString(token), "***", StringComparison.Ordinal);
        }

        return Encoding.Latin1.GetBytes(text);
    }
}
