using System.Buffers;
using System.Text;

namespace ThinDeployer.Yaml;

/// <summary>Fills <c>${NAME}</c> and <c>${NAME:-default}</c>; <c>$${</c> writes <c>${</c>. What is filled in is not read again.</summary>
internal static class Interpolation
{
    /// <summary>UTF-16 units. A long variable named many times would otherwise fill the memory.</summary>
    internal const int MaximumLength = 1_048_576;

    private const string Start = "${";
    private const string DefaultMark = ":-";

    private static readonly SearchValues<char> NameCharacters = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_"
    );

    internal static string? Fill(YamlText text, ReadingContext context)
    {
        if (!text.Text.Contains(Start, StringComparison.Ordinal))
        {
            return text.Text;
        }
        var filled = new StringBuilder();
        var isWhole = true;
        var rest = text.Text.AsSpan();
        for (int start; (start = rest.IndexOf(Start)) >= 0; )
        {
            if (start > 0 && rest[start - 1] == '$')
            {
                filled.Append(rest[..(start - 1)]).Append(Start);
                rest = rest[(start + Start.Length)..];
                continue;
            }
            var length = ReferenceLength(rest[start..]);
            if (length == 0)
            {
                context.Mistake(
                    text.Place,
                    "\"${\" is not followed by \"NAME}\" or \"NAME:-default}\"; write \"$${\" for a plain \"${\""
                );
                return null;
            }
            filled.Append(rest[..start]);
            isWhole &= FillOne(
                rest.Slice(start + Start.Length, length - Start.Length - 1),
                filled,
                text.Place,
                context
            );
            rest = rest[(start + length)..];
            if (filled.Length > MaximumLength)
            {
                context.Mistake(
                    text.Place,
                    $"the text is longer than {MaximumLength:N0} characters once \"${{…}}\" is filled in"
                );
                return null;
            }
        }
        return isWhole ? filled.Append(rest).ToString() : null;
    }

    // How long a well-formed reference at the start of the text is, or 0. A default ends at the first brace and holds no
    // reference of its own: nothing nests.
    private static int ReferenceLength(ReadOnlySpan<char> text)
    {
        var nameLength = text[Start.Length..].IndexOfAnyExcept(NameCharacters);
        if (nameLength <= 0 || char.IsAsciiDigit(text[Start.Length]))
        {
            return 0;
        }
        var tail = text[(Start.Length + nameLength)..];
        var end = tail.IndexOf('}');
        var isWellFormed =
            end == 0
            || (end > 0 && tail.StartsWith(DefaultMark) && !tail[..end].Contains(Start, StringComparison.Ordinal));
        return isWellFormed ? text.Length - tail.Length + end + 1 : 0;
    }

    private static bool FillOne(ReadOnlySpan<char> reference, StringBuilder filled, Place place, ReadingContext context)
    {
        var colon = reference.IndexOf(':');
        var name = (colon < 0 ? reference : reference[..colon]).ToString();
        var value = context.Environment(name);
        // A variable that is empty counts as not set, here as everywhere.
        if (!string.IsNullOrEmpty(value))
        {
            filled.Append(value);
            return true;
        }
        if (colon >= 0)
        {
            filled.Append(reference[(colon + DefaultMark.Length)..]);
            return true;
        }
        context.Mistake(
            place,
            $"the environment variable {Quote.Of(name)} is not set, or empty; set it, or write \"${{NAME:-default}}\""
        );
        return false;
    }
}
