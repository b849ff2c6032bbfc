using System.Buffers;

namespace ThinDeployer.Lines;

/// <summary>Finds the addresses of pages in a text. Nothing but ASCII belongs to one, so that none looks like another.</summary>
internal static class WebAddress
{
    private static readonly SearchValues<string> Schemes = SearchValues.Create(
        ["http://", "https://"],
        StringComparison.OrdinalIgnoreCase
    );

    /// <summary>By RFC 3986, and the brackets of IPv6.</summary>
    private static readonly SearchValues<char> OfAddress = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~:/?#[]@!$&'()*+,;=%"
    );

    /// <summary>End a sentence rather than an address.</summary>
    private const string Punctuation = ".,:;!?'*_~&";

    /// <returns>The first one behind a position; null where there is none.</returns>
    internal static (int Start, int End)? Find(ReadOnlySpan<char> text, int position)
    {
        while (text[position..].IndexOfAny(Schemes) is >= 0 and var found)
        {
            var start = position + found;
            var end = EndOf(text, start);
            if (end > start && (start == 0 || !char.IsAsciiLetterOrDigit(text[start - 1])))
            {
                return (start, end);
            }

            position = start + 1;
        }

        return null;
    }

    /// <summary>The start itself for what is no address.</summary>
    private static int EndOf(ReadOnlySpan<char> text, int start)
    {
        var host = start + text[start..].IndexOf("//", StringComparison.Ordinal) + 2;
        var length = text[host..].IndexOfAnyExcept(OfAddress);
        var whole = length < 0 ? text[host..] : text.Slice(host, length);
        var hostLength = whole.IndexOfAny('/', '?', '#');

        // A host that goes on in other letters is another host; and what stands before an @ only looks like one.
        var goesOn = hostLength < 0 && length >= 0 && char.IsLetterOrDigit(text[host + length]);
        var name = hostLength < 0 ? whole : whole[..hostLength];
        if (
            goesOn
            || name.Contains('@')
            || name is not [>= '0' and <= '9' or >= 'A' and <= 'Z' or >= 'a' and <= 'z' or '[', ..]
        )
        {
            return start;
        }

        return host + Trimmed(whole).Length;
    }

    private static ReadOnlySpan<char> Trimmed(ReadOnlySpan<char> address)
    {
        while (true)
        {
            var before = address.Length;
            address = address.TrimEnd(Punctuation);
            address = WithoutUnopened(address, '(', ')');
            address = WithoutUnopened(address, '[', ']');
            if (address.Length == before)
            {
                return address;
            }
        }
    }

    /// <summary>A bracket at the end that was opened before the address.</summary>
    private static ReadOnlySpan<char> WithoutUnopened(ReadOnlySpan<char> address, char open, char close) =>
        address.EndsWith([close]) && address.Count(close) > address.Count(open) ? address[..^1] : address;
}
