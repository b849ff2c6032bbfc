namespace ThinDeployer.Shell;

/// <summary>
/// Whether what looks like a placeholder is two conversions of a format, as <c>date</c>, <c>printf</c>, <c>stat</c> and
/// <c>git log</c> take them, or two escapes of a URL: of <c>+%Y-%m</c> nobody meant <c>%Y-%</c>. It is filled all the same
/// where a request gives such a name; it is only not missed.
/// </summary>
internal static class FormatDirective
{
    /// <summary>A letter, and what may stand behind it. Characters.</summary>
    private const int LongestConversion = 2;

    /// <param name="command">As written.</param>
    /// <param name="placeholder">Of it.</param>
    internal static bool Holds(string command, Placeholder placeholder) =>
        !char.IsAsciiLetter(placeholder.Name[0])
        || (
            !IsFollowedByAnother(command, placeholder.End)
            && BeginsAnother(command.AsSpan(placeholder.End), placeholder)
        );

    /// <summary>As the first of <c>%host%%path%</c> is.</summary>
    private static bool IsFollowedByAnother(string command, int end) =>
        end < command.Length && command[end] == '%' && Placeholder.NameAt(command, end) is not null;

    /// <summary>Whether the percent sign before this text opens a conversion, such as those of <c>%m</c>, <c>%-d</c>, <c>%%</c>.</summary>
    private static bool BeginsAnother(ReadOnlySpan<char> text, Placeholder before) =>
        text switch
        {
            [] => false,
            ['%', ..] => true,
            ['-' or '_' or '^', var letter, .. var rest] => before.Name.Length <= LongestConversion
                && char.IsAsciiLetter(letter)
                && (rest.IsEmpty || !char.IsAsciiLetterOrDigit(rest[0])),
            [var first, ..] => char.IsAsciiLetterOrDigit(first),
        };
}
