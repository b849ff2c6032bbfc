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

        return request.IsUrlEncoded ? WithoutToken(request.Body) : Replaced(request.Body, request.Form.TokenPlaces);
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

    /// <summary>
    /// Of a multipart form, whose parts stay where they are. By place, because to look for a token would find what was
    /// put in for another one, and so make a body of many tokens grow without end.
    /// </summary>
    private static byte[] Replaced(ReadOnlySpan<byte> body, IEnumerable<Range> places)
    {
        var kept = new List<byte>(body.Length);
        var done = 0;
        foreach (var place in places)
        {
            var (start, length) = place.GetOffsetAndLength(body.Length);
            kept.AddRange(body[done..start]);
            kept.AddRange(length > 0 ? "***"u8 : []);
            done = start + length;
        }

        kept.AddRange(body[done..]);
        return [.. kept];
    }
}
