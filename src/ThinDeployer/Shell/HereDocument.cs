using System.Buffers;

namespace ThinDeployer.Shell;

/// <summary>A here-document: its operator in one line, its body in the lines that follow.</summary>
/// <param name="Delimiter">The line that ends it.</param>
/// <param name="IsQuoted">Whether nothing in its body is expanded.</param>
/// <param name="StripsTabs"><c>&lt;&lt;-</c>.</param>
internal sealed record HereDocument(string Delimiter, bool IsQuoted, bool StripsTabs)
{
    /// <summary>In one line; bash allows no more.</summary>
    private const int MaxWaiting = 16;

    private static readonly SearchValues<char> UncertainInSubstitutions = SearchValues.Create("'\"`()\\#");

    /// <summary>Reads <c>&lt;&lt;</c> and the delimiter, if that is a simple one: shells differ in how they unquote others.</summary>
    internal static void ReadOperator(ShellScan scan)
    {
        var text = scan.Text;
        var stripsTabs = scan.Ahead(2) == '-';
        var at = scan.At + (stripsTabs ? 3 : 2);
        while (at < text.Length && text[at] is ' ' or '\t')
        {
            at++;
        }

        var quote = at < text.Length && text[at] is '\'' or '"' or '\\' ? text[at] : '\0';
        var begin = quote == '\0' ? at : at + 1;
        var end = begin;
        while (end < text.Length && VariableName.IsPart(text[end]))
        {
            end++;
        }

        var isClosed = quote is '\0' or '\\' || (end < text.Length && text[end] == quote);
        var after = quote is '\0' or '\\' ? end : end + 1;
        var isWholeWord =
            after >= text.Length || text[after] is ' ' or '\t' or '\n' or ';' or '&' or '|' or '<' or '>' or ')';
        if (end == begin || !isClosed || !isWholeWord || scan.Frame.HereDocuments.Count == MaxWaiting)
        {
            scan.LoseTrack();
        }

        scan.Frame.HereDocuments.Enqueue(new HereDocument(text[begin..end], quote != '\0', stripsTabs));
        scan.Frame.Grammar!.Word("", "", isName: false, isAssignment: false);
        scan.At = after;
    }

    /// <summary>Reads the lines up to the delimiter, and over it.</summary>
    internal void ReadBody(ShellScan scan)
    {
        while (!scan.IsAtEnd)
        {
            var newline = scan.Text.IndexOf('\n', scan.At);
            var end = newline < 0 ? scan.Text.Length : newline;
            var line = scan.Text.AsSpan(scan.At, end - scan.At);
            if (StripsTabs)
            {
                line = line.TrimStart('\t');
            }

            if (line.SequenceEqual(Delimiter))
            {
                scan.At = Math.Min(end + 1, scan.Text.Length);
                return;
            }

            if (IsUncertain(line, !scan.IsInnermostOnly))
            {
                scan.LoseTrack();
            }

            SkipLine(scan, end);
        }
    }

    private static void SkipLine(ShellScan scan, int end)
    {
        while (scan.At < end)
        {
            if (scan.Current == '%')
            {
                scan.PercentSign(Quoting.Bare, scan.At, refusal: Refusals.HereDocument);
            }
            else
            {
                scan.At++;
            }
        }

        scan.At = Math.Min(end + 1, scan.Text.Length);
    }

    private bool IsUncertain(ReadOnlySpan<char> line, bool inSubstitution)
    {
        if (line.ContainsAny("\0\u0001\u007f"))
        {
            return true;
        }

        // `EOF)` ends both for bash, with a warning, and none for dash.
        if (inSubstitution && (line.StartsWith(Delimiter) || line.ContainsAny(UncertainInSubstitutions)))
        {
            return true;
        }

        return !IsQuoted && (line.EndsWith('\\') || line.Contains('`') || HasSubstitution(line));
    }

    /// <summary>Anything but <c>$NAME</c> and <c>${NAME}</c>: it may go on in the next line, and hide the delimiter.</summary>
    private static bool HasSubstitution(ReadOnlySpan<char> line)
    {
        for (var dollar = line.IndexOf('$'); dollar >= 0; dollar = line.IndexOf('$'))
        {
            line = line[(dollar + 1)..];
            if (line.StartsWith('('))
            {
                return true;
            }

            if (line.StartsWith('{'))
            {
                var name = line[1..];
                var length = 0;
                while (length < name.Length && VariableName.IsPart(name[length]))
                {
                    length++;
                }

                if (length == 0 || length == name.Length || name[length] != '}')
                {
                    return true;
                }
            }
        }

        return false;
    }
}
