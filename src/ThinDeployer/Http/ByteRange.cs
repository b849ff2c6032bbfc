using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace ThinDeployer.Http;

/// <summary>The bytes of a whole that are to be sent (RFC 9110, section 14).</summary>
/// <param name="From">The first one.</param>
/// <param name="To">Behind the last one.</param>
internal sealed record ByteRange(long From, long To)
{
    /// <summary>
    /// Sets status and headers for what the client asks for: the whole, one range, or a range that there is not. Several
    /// ranges are answered by the whole, as the RFC allows.
    /// </summary>
    /// <param name="context">Of the request.</param>
    /// <param name="length">Of the whole, in bytes.</param>
    /// <param name="isComplete">Whether that length is the final one.</param>
    /// <returns>Null where there is nothing to send.</returns>
    internal static ByteRange? Begin(HttpContext context, long length, bool isComplete)
    {
        var response = context.Response;
        response.Headers.AcceptRanges = "bytes";
        if (Asked(context.Request) is not { } asked)
        {
            response.ContentLength = length;
            return new ByteRange(0, length);
        }

        var total = isComplete ? length.ToString(CultureInfo.InvariantCulture) : "*";
        if (Within(asked, length) is not { } range)
        {
            response.StatusCode = StatusCodes.Status416RangeNotSatisfiable;
            response.Headers.ContentRange = string.Create(CultureInfo.InvariantCulture, $"bytes */{length}");
            return null;
        }

        response.StatusCode = StatusCodes.Status206PartialContent;
        response.Headers.ContentRange = string.Create(
            CultureInfo.InvariantCulture,
            $"bytes {range.From}-{range.To - 1}/{total}"
        );
        response.ContentLength = range.To - range.From;
        return range;
    }

    /// <summary>A range that depends on a validator can't be given: there are none, since the answer is never stored.</summary>
    private static RangeItemHeaderValue? Asked(HttpRequest request) =>
        request.Headers.IfRange.Count == 0
        && RangeHeaderValue.TryParse(request.Headers.Range.ToString(), out var range)
        && range.Unit.Equals("bytes", StringComparison.OrdinalIgnoreCase)
        && range.Ranges.Count == 1
            ? range.Ranges.Single()
            : null;

    private static ByteRange? Within(RangeItemHeaderValue asked, long length)
    {
        var from = asked.From ?? Math.Max(0, length - asked.To!.Value);
        var to = asked.From is null ? length : Math.Min(length - 1, asked.To ?? long.MaxValue) + 1;
        return from < to ? new ByteRange(from, to) : null;
    }
}
