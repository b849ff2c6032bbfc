using System.Text;
using Microsoft.AspNetCore.Http;

namespace ThinDeployer.Http;

/// <summary>
/// Reads <c>application/x-www-form-urlencoded</c> (url.spec.whatwg.org) from raw bytes, for a query and a form alike. The
/// framework's readers turn bytes that are no text into text and fail on others.
/// </summary>
internal static class UrlEncoded
{
    /// <summary>Reads the query of a request as it was sent.</summary>
    internal static void ReadQuery(HttpRequest request, ArgumentCollection into)
    {
        var query = request.QueryString.Value ?? "";
        Read(Encoding.UTF8.GetBytes(query).AsSpan(query.StartsWith('?') ? 1 : 0), into);
    }

    internal static void Read(ReadOnlySpan<byte> encoded, ArgumentCollection into)
    {
        foreach (var range in encoded.Split((byte)'&'))
        {
            var pair = encoded[range];
            if (pair.IsEmpty)
            {
                continue;
            }

            var equals = pair.IndexOf((byte)'=');
            into.Add(Decode(equals < 0 ? pair : pair[..equals]), equals < 0 ? [] : Decode(pair[(equals + 1)..]));
        }
    }

    /// <summary>The name of one pair, decoded.</summary>
    internal static ReadOnlySpan<byte> NameOf(ReadOnlySpan<byte> pair)
    {
        var equals = pair.IndexOf((byte)'=');
        return Decode(equals < 0 ? pair : pair[..equals]);
    }

    private static ReadOnlySpan<byte> Decode(ReadOnlySpan<byte> encoded)
    {
        if (encoded.IndexOfAny((byte)'%', (byte)'+') < 0)
        {
            return encoded;
        }

        var decoded = new byte[encoded.Length];
        var length = 0;
        for (var i = 0; i < encoded.Length; i++)
        {
            decoded[length++] = encoded[i] switch
            {
                (byte)'+' => (byte)' ',
                (byte)'%' when TryHexPair(encoded[(i + 1)..], out var value) => Skip(ref i, value),
                var literal => literal,
            };
        }

        return decoded.AsSpan(0, length);
    }

    private static byte Skip(ref int index, byte value)
    {
        index += 2;
        return value;
    }

    private static bool TryHexPair(ReadOnlySpan<byte> digits, out byte value)
    {
        value = 0;
        if (digits.Length < 2 || !char.IsAsciiHexDigit((char)digits[0]) || !char.IsAsciiHexDigit((char)digits[1]))
        {
            return false;
        }

        value = byte.Parse(
            digits[..2],
            System.Globalization.NumberStyles.AllowHexSpecifier,
            System.Globalization.CultureInfo.InvariantCulture
        );
        return true;
    }
}
