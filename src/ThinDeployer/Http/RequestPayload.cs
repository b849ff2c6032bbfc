namespace ThinDeployer.Http;

/// <summary>The body of a request, for steps and for the record: without the token that a form may have carried.</summary>
internal static class RequestPayload
{
    private static readonly byte[] TokenName = "token"u8.ToArray();
    private static readonly byte[] Stars = "***"u8.ToArray();

    /// <param name="request">Its body is read.</param>
    internal static ReadOnlyMemory<byte> Of(DeployRequest request)
    {
        if (request.Form.TokenCount == 0)
        {
            return request.Body;
        }

        return request.IsUrlEncoded
            ? WithoutToken(request.Body.Span)
            : Replaced(request.Body.Span, request.Form.TokenPlaces);
    }

    /// <summary>All other arguments as they were sent.</summary>
    private static ReadOnlyMemory<byte> WithoutToken(ReadOnlySpan<byte> form)
    {
        var kept = GC.AllocateUninitializedArray<byte>(form.Length);
        var length = 0;
        foreach (var range in form.Split((byte)'&'))
        {
            if (!UrlEncoded.NameOf(form[range]).SequenceEqual(TokenName))
            {
                Append(kept, ref length, length > 0 ? "&"u8 : []);
                Append(kept, ref length, form[range]);
            }
        }

        return kept.AsMemory(0, length);
    }

    /// <summary>
    /// Of a multipart form, whose parts stay where they are. By place, because to look for a token would find what was
    /// put in for another one, and so make a body of many tokens grow without end.
    /// </summary>
    private static ReadOnlyMemory<byte> Replaced(ReadOnlySpan<byte> body, List<Range> places)
    {
        var kept = GC.AllocateUninitializedArray<byte>(body.Length + (places.Count * Stars.Length));
        var (done, length) = (0, 0);
        foreach (var place in places)
        {
            var (start, taken) = place.GetOffsetAndLength(body.Length);
            Append(kept, ref length, body[done..start]);
            Append(kept, ref length, taken > 0 ? Stars : []);
            done = start + taken;
        }

        Append(kept, ref length, body[done..]);
        return kept.AsMemory(0, length);
    }

    private static void Append(Span<byte> kept, ref int length, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(kept[length..]);
        length += bytes.Length;
    }
}
