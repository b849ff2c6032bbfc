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
        Read(Encoding.UTF8.GetBytes(query).AsMemory(query.StartsWith('?') ? 1 : 0), into);
    }

    /// <param name="encoded">Stays as it is: values are parts of it where nothing in them is encoded.</param>
    /// <param name="into">Takes what is found.</param>
    internal static void Read(ReadOnlyMemory<byte> encoded, ArgumentCollection into)
    {
        foreach (var range in encoded.Span.Split((byte)'&'))
        {
            var pair = encoded[range];
            if (pair.IsEmpty)
            {
                continue;
            }

            var equals = pair.Span.IndexOf((byte)'=');
            into.Add(NameOf(pair.Span), equals < 0 ? default : Decode(pair[(equals + 1)..]));
        }
    }

    /// <summary>The name of one pair, decoded.</summary>
    internal static ReadOnlySpan<byte> NameOf(ReadOnlySpan<byte> pair)
    {
        var equals = pair.IndexOf((byte)'=');
        var name = equals < 0 ? pair : pair[..equals];
        return IsEncoded(name) ? Decoded(name).Span : name;
    }

    /// <summary>A name or a value, decoded, for a person to read.</summary>
    internal static string Text(string encoded) =>
        Encoding.UTF8.GetString(Decode(Encoding.UTF8.GetBytes(encoded)).Span);

    private static ReadOnlyMemory<byte> Decode(ReadOnlyMemory<byte> encoded) =>
        IsEncoded(encoded.Span) ? Decoded(encoded.Span) : encoded;

    private static bool IsEncoded(ReadOnlySpan<byte> bytes) => bytes.IndexOfAny((byte)'%', (byte)'+') >= 0;

    private static ReadOnlyMemory<byte> Decoded(ReadOnlySpan<byte> encoded)
    {
        var decoded = GC.AllocateUninitializedArray<byte>(encoded.Length);
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

        return decoded.AsMemory(0, length);
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
