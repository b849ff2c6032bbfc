namespace ThinDeployer.Shell;

/// <summary>A dollar sign, and what it begins.</summary>
internal static class DollarReader
{
    internal static void Step(ShellScan scan)
    {
        var isBare = scan.Frame.Kind == FrameKind.Commands;
        if (isBare)
        {
            scan.Frame.Word.Open(scan.At, scan.Sites.Count);
        }

        if (ContinuedLines.IsAt(scan.Text, scan.At + 1))
        {
            Continued(scan);
            return;
        }

        switch (scan.Ahead(1))
        {
            case '(':
                Parentheses(scan);
                break;
            // bash 5.3 runs what stands in `${ …; }`.
            case '{' when scan.Ahead(2) is ' ' or '\t' or '\n' or '|' or '(' or '\0':
            // bash's old way to write arithmetic; for dash two characters.
            case '[':
                scan.LoseTrack();
                Literal(scan);
                break;
            case '{':
                Quoted(scan);
                scan.Enter(FrameKind.Parameter, Refusals.Parameter, opening: 2);
                break;
            case '\'' when isBare:
                EscapedQuotes(scan);
                break;
            case '"' when isBare:
                // For bash a text to be translated, for dash a dollar sign and a text: the same quotes for both.
                Quoted(scan);
                scan.Enter(FrameKind.DoubleQuotes, null, opening: 2);
                break;
            case '@' or '*' or '#' or '?' or '-' or '$' or '!' or (>= '0' and <= '9') when !IsOpaque(scan):
            case >= '0' and <= '9':
                Quoted(scan);
                scan.At += 2;
                break;
            case var first when char.IsAsciiLetter(first) || first == '_':
                Name(scan);
                break;
            default:
                Literal(scan);
                break;
        }
    }

    private static void Parentheses(ShellScan scan)
    {
        if (ContinuedLines.IsAt(scan.Text, scan.At + 2))
        {
            // Before version 0.5.11, dash does not join the lines when it looks for the second parenthesis.
            scan.LoseTrack();
        }

        Quoted(scan);
        if (scan.Ahead(2) == '(')
        {
            scan.Enter(FrameKind.Arithmetic, Refusals.Arithmetic, opening: 3);
        }
        else
        {
            scan.Enter(FrameKind.Commands, null, opening: 2);
        }
    }

    private static void EscapedQuotes(ShellScan scan)
    {
        var begin = scan.At + 2;
        var end = scan.Text.IndexOf('\'', begin);
        var content = scan.Text.AsSpan(begin, (end < 0 ? scan.Text.Length : end) - begin);
        // dash knows no $'…': an escaped quote, which bash reads over, ends it there.
        if (content.ContainsAny("\\\0\u0001\u007f") || (scan.HereDocumentWaits && content.Contains('\n')))
        {
            scan.LoseTrack();
        }

        Quoted(scan);
        scan.At = begin;
        CommandReader.SingleQuoted(scan, begin + content.Length, Refusals.EscapedQuotes);
    }

    private static void Name(ShellScan scan)
    {
        Quoted(scan);
        scan.At++;
        while (!scan.IsAtEnd && VariableName.IsPart(scan.Current))
        {
            scan.At++;
        }
    }

    /// <summary>dash joins the lines here only since version 0.5.11: certain is what begins nothing either way.</summary>
    private static void Continued(ShellScan scan)
    {
        var next = ContinuedLines.Skip(scan.Text, scan.At + 1);
        if (
            next == scan.Text.Length
            || !(scan.Text[next] is '%' or '\\' or ' ' or '\n' || (scan.Text[next] == '"' && !IsBare(scan)))
        )
        {
            scan.LoseTrack();
        }

        Literal(scan);
    }

    private static void Literal(ShellScan scan)
    {
        if (IsOpaque(scan))
        {
            scan.LoseTrack();
        }

        if (IsBare(scan))
        {
            scan.Frame.Word.Add('$');
            scan.Frame.Word.DollarAt = scan.At;
        }

        scan.At++;
    }

    private static void Quoted(ShellScan scan)
    {
        if (IsBare(scan))
        {
            scan.Frame.Word.AddQuoted();
        }
    }

    private static bool IsBare(ShellScan scan) => scan.Frame.Kind == FrameKind.Commands;

    /// <summary>Where no placeholder is accepted anyway, only what is plain is followed.</summary>
    private static bool IsOpaque(ShellScan scan) =>
        scan.Frame.Kind is not (FrameKind.Commands or FrameKind.DoubleQuotes);
}
