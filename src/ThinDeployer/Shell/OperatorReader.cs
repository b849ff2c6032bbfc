namespace ThinDeployer.Shell;

/// <summary>What stands between words, outside quotes.</summary>
internal static class OperatorReader
{
    internal static void Step(ShellScan scan)
    {
        switch (scan.Current)
        {
            case '<' or '>':
                Redirection(scan);
                break;
            case '(':
                OpenParenthesis(scan);
                break;
            default:
                if (CommandReader.EndWord(scan))
                {
                    BehindWord(scan);
                }

                break;
        }
    }

    private static void BehindWord(ShellScan scan)
    {
        var grammar = scan.Frame.Grammar!;
        switch (scan.Current)
        {
            case '\n':
                Newline(scan);
                break;
            case ')':
                CloseParenthesis(scan);
                break;
            case ';' when scan.Ahead(1) is ';' or '&':
                Take(scan, scan.Ahead(1) == ';' && scan.Ahead(2) == '&' ? 3 : 2, grammar.CaseBranchEnd());
                break;
            case '&' or '|' when scan.Ahead(1) == scan.Current:
                Take(scan, 2, grammar.Separator(scan.Text.Substring(scan.At, 2)));
                break;
            default:
                // bash's `|&` and `&>` come out as two operators, which lead to the same.
                Take(scan, 1, grammar.Separator(scan.Current.ToString()));
                break;
        }
    }

    /// <summary>Goes behind an operator, unless the grammar does not know what to do with it.</summary>
    private static void Take(ShellScan scan, int length, bool isKnown)
    {
        if (!isKnown || GoesOnInNextLine(scan, length))
        {
            scan.LoseTrack();
            return;
        }

        scan.At += length;
    }

    /// <summary>Before version 0.5.11, dash does not join lines within an operator.</summary>
    private static bool GoesOnInNextLine(ShellScan scan, int length)
    {
        var next = ContinuedLines.Skip(scan.Text, scan.At + length);
        return next > scan.At + length
            && next < scan.Text.Length
            && scan.Text[next] is ';' or '&' or '|' or '<' or '>' or '(' or ')' or '-';
    }

    private static void Newline(ShellScan scan)
    {
        scan.MarkLineEnd();
        if (scan.Frame.HereDocumentWaits || !scan.Frame.Grammar!.Separator("\n"))
        {
            scan.LoseTrack();
            return;
        }

        scan.At++;
        while (scan.Frame.HereDocuments.TryDequeue(out var document))
        {
            document.ReadBody(scan);
        }
    }

    private static void OpenParenthesis(ShellScan scan)
    {
        var grammar = scan.Frame.Grammar!;
        var touchesWord = scan.Frame.Word.IsOpen;
        if (!CommandReader.EndWord(scan))
        {
            return;
        }

        if (grammar.MayBeFunction)
        {
            Function(scan);
        }
        else if (touchesWord || GoesOnInNextLine(scan, 1))
        {
            // bash's arrays and patterns, a(…) and @(…): it reads quotes in there by rules of their own.
            scan.LoseTrack();
        }
        else if (scan.Ahead(1) != '(')
        {
            Take(scan, 1, grammar.OpenParenthesis());
        }
        else if (grammar.ExpectsCommand)
        {
            scan.Enter(FrameKind.ArithmeticCommand, Refusals.Arithmetic, opening: 2);
        }
        else
        {
            scan.LoseTrack();
        }
    }

    private static void Function(ShellScan scan)
    {
        var close = scan.At + 1;
        while (close < scan.Text.Length && scan.Text[close] is ' ' or '\t')
        {
            close++;
        }

        var isFunction = close < scan.Text.Length && scan.Text[close] == ')';
        Take(scan, close + 1 - scan.At, isFunction && scan.Frame.Grammar!.FunctionParentheses());
    }

    private static void CloseParenthesis(ShellScan scan)
    {
        if (!scan.Frame.Grammar!.EndsSubstitution)
        {
            Take(scan, 1, scan.Frame.Grammar.CloseParenthesis());
        }
        else if (scan.Frame.HereDocuments.Count > 0)
        {
            scan.LoseTrack();
        }
        else
        {
            scan.Leave(closing: 1);
        }
    }

    private static void Redirection(ShellScan scan)
    {
        var word = scan.Frame.Word;
        if (scan.Ahead(1) == '(')
        {
            ProcessSubstitution(scan);
            return;
        }

        if (word is { IsOpen: true, IsDigits: true, HasLineContinuation: false })
        {
            word.Close();
        }
        else if (word is { IsOpen: true, IsDigits: true } || !CommandReader.EndWord(scan))
        {
            scan.LoseTrack();
            return;
        }

        var isKnown = scan.Frame.Grammar!.Redirection();
        if (isKnown && scan.Current == '<' && scan.Ahead(1) == '<' && scan.Ahead(2) != '<')
        {
            HereDocument.ReadOperator(scan);
            return;
        }

        if (scan.Ahead(1) == '&')
        {
            // What `>&` leads to is expanded again by bash when it turns out to be the name of a file.
            word.NextRefusal = Refusals.Duplication;
        }

        Take(scan, Length(scan), isKnown);
    }

    private static int Length(ShellScan scan) =>
        (scan.Current, scan.Ahead(1), scan.Ahead(2)) switch
        {
            // A here-string; dash has none and stops with a syntax error.
            ('<', '<', '<') => 3,
            ('<', '&' or '>', _) or ('>', '&' or '>' or '|', _) => 2,
            _ => 1,
        };

    /// <summary>bash's; a syntax error for dash. Part of a word.</summary>
    private static void ProcessSubstitution(ShellScan scan)
    {
        var word = scan.Frame.Word;
        if (word is { IsOpen: true, IsDigits: true })
        {
            scan.LoseTrack();
            return;
        }

        word.Open(scan.At, scan.Sites.Count);
        word.AddQuoted();
        scan.Enter(FrameKind.Commands, null, opening: 2);
    }
}
