using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace ThinDeployer.Http;

/// <summary>
/// A request as the deploy endpoint sees it. The body is read once, when it is first needed, and no further than the
/// limit; the same bytes serve the form and the pattern.
/// </summary>
internal sealed class DeployRequest
{
    /// <summary>Bytes that are read before they are counted.</summary>
    private const int ReadAtOnce = 64 * 1024;

    private readonly HttpRequest _request;
    private readonly MediaTypeHeaderValue? _mediaType;

    /// <param name="request">Whose query is read at once.</param>
    /// <param name="maximumBody">Bytes.</param>
    /// <param name="argumentNames">Arguments that may have an effect.</param>
    /// <param name="takes">Whether a further one may; null for none.</param>
    internal DeployRequest(
        HttpRequest request,
        long maximumBody,
        IReadOnlySet<string> argumentNames,
        Func<string, bool>? takes = null
    )
    {
        _request = request;
        MaximumBody = maximumBody;
        _ = MediaTypeHeaderValue.TryParse(request.ContentType, out _mediaType);
        Query = new ArgumentCollection(argumentNames, takes);
        Form = new ArgumentCollection(argumentNames, takes);
        UrlEncoded.ReadQuery(request, Query);
    }

    /// <summary>What is known before a body comes.</summary>
    internal HttpRequest Head => _request;

    internal IHeaderDictionary Headers => _request.Headers;

    internal ArgumentCollection Query { get; }

    /// <summary>Empty until the body is read, and where the body is no form.</summary>
    internal ArgumentCollection Form { get; }

    /// <summary>Empty until it is read.</summary>
    internal ReadOnlyMemory<byte> Body { get; private set; }

    internal bool IsRead { get; private set; }

    /// <summary>Whether some of a body may still come.</summary>
    internal bool IsUnread => !IsRead && (AnnouncedLength > 0 || _request.Headers.TransferEncoding.Count > 0);

    /// <summary>Bytes.</summary>
    internal long MaximumBody { get; }

    /// <summary>Bytes of the body; null where the head does not say.</summary>
    internal long? AnnouncedLength => _request.ContentLength;

    internal bool AnnouncesTooMuch => AnnouncedLength > MaximumBody;

    /// <summary>A signature is over the bytes sent, a pattern over the text meant: it is not unpacked, so it is not taken.</summary>
    /// <remarks>The framework takes any transfer coding that <c>chunked</c> ends, and undoes that one only.</remarks>
    internal bool IsCompressed =>
        HasOtherThan("identity", _request.Headers.ContentEncoding)
        || HasOtherThan("chunked", _request.Headers.TransferEncoding);

    /// <summary>Whether the page of another site sends it: see <see cref="ForeignSite"/>.</summary>
    internal bool IsOfForeignSite => ForeignSite.Sends(_request);

    /// <summary>Whether such a page could have sent the token that is in its head.</summary>
    internal bool MayCarryForeignToken => ForeignSite.MayHaveSentToken(_request, Query);

    internal bool IsPost => HttpMethods.IsPost(_request.Method);

    internal bool HasForm => IsUrlEncoded || IsMultipart;

    internal bool IsUrlEncoded => IsMediaType("application/x-www-form-urlencoded");

    private bool IsMultipart => IsMediaType("multipart/form-data");

    /// <summary>Reads the body and its form, unless that is done already. False when the body is over the limit.</summary>
    /// <exception cref="IOException">The client went away.</exception>
    internal async Task<bool> ReadBodyAsync(CancellationToken cancellationToken) =>
        await ReadBodyAsync(MaximumBody, tryTake: null, cancellationToken) is BodyEnd.Whole;

    /// <summary>Reads the body and its form for somebody who is not let in yet.</summary>
    /// <param name="limit">Bytes, if they are fewer than a body may have anyway.</param>
    /// <param name="tryTake">Asked for each piece whether there is room; null for who may have as many.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="IOException">The client went away.</exception>
    internal async Task<BodyEnd> ReadBodyAsync(
        long limit,
        Func<int, bool>? tryTake,
        CancellationToken cancellationToken
    )
    {
        if (IsRead)
        {
            return BodyEnd.Whole;
        }

        var most = Math.Min(limit, MaximumBody);
        var body = new IncomingBody(AnnouncedLength, most, isTrusted: tryTake is null);
        var end = await ReadAsync(body, most, tryTake, cancellationToken);
        if (end is not BodyEnd.Whole)
        {
            return end;
        }

        IsRead = true;
        Body = body.Whole;
        if (IsUrlEncoded)
        {
            UrlEncoded.Read(Body, Form);
        }
        else if (IsMultipart)
        {
            var boundary = HeaderUtilities.RemoveQuotes(_mediaType!.Boundary).Value ?? "";
            await MultipartFields.ReadAsync(Body, boundary, Form, cancellationToken);
        }

        return BodyEnd.Whole;
    }

    /// <summary>The value of an argument that came exactly once, in the query or in the form.</summary>
    internal string? SingleArgument(string name)
    {
        var query = Query.Find(name);
        var form = Form.Find(name);
        return query.Count + form.Count == 1 ? query.First + form.First : null;
    }

    /// <summary>The names that came and are known, each once.</summary>
    internal IEnumerable<string> Names => Query.Names.Concat(Form.Names).Distinct(StringComparer.Ordinal);

    /// <summary>The names of arguments that have no effect, each once.</summary>
    internal IEnumerable<string> Unused(Func<string, bool> hasEffect) => Names.Where(name => !hasEffect(name));

    private static bool HasOtherThan(string harmless, StringValues header) =>
        header.Count > 0
        && CodingsIn(header).Any(coding => !coding.Equals(harmless, StringComparison.OrdinalIgnoreCase));

    /// <summary>The elements of a header that is a list, in the order applied (RFC 9110, section 5.6.1).</summary>
    internal static IEnumerable<string> CodingsIn(StringValues header) =>
        header.SelectMany(line =>
            (line ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        );

    private bool IsMediaType(string name) =>
        _mediaType?.MediaType.Equals(name, StringComparison.OrdinalIgnoreCase) == true;

    private async Task<BodyEnd> ReadAsync(
        IncomingBody body,
        long limit,
        Func<int, bool>? tryTake,
        CancellationToken cancellationToken
    )
    {
        while (await ReadSomeAsync(body.Free, cancellationToken) is > 0 and var count)
        {
            if (body.Length + count > limit)
            {
                return BodyEnd.TooLarge;
            }

            if (tryTake?.Invoke(count) == false)
            {
                return BodyEnd.NoRoom;
            }

            body.Came(count);
        }

        return BodyEnd.Whole;
    }

    private async Task<int> ReadSomeAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            return await _request.Body.ReadAsync(buffer[..Math.Min(buffer.Length, ReadAtOnce)], cancellationToken);
        }
        catch (IOException exception) when (exception is not BadHttpRequestException)
        {
            // Kestrel's word for some broken chunks, and for a client that left.
            throw new BadHttpRequestException("The body can't be read", StatusCodes.Status400BadRequest, exception);
        }
    }
}

/// <summary>How far a body was read.</summary>
internal enum BodyEnd
{
    Whole,
    TooLarge,

    /// <summary>It was said that there is none.</summary>
    NoRoom,
}
