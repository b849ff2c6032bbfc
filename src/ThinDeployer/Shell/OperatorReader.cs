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
                CommandReader.EndWord(scan);
                BehindWord(scan);
                break;
        }
    }

    private static void BehindWord(ShellScan scan)
    {
        var grammar = scan.Frame.Grammar!;
        // bash's `&>` ends no command.
        if (scan.Current != ')' && !(scan.Current == '&' && scan.Ahead(1) == '>'))
        {
            scan.Frame.Commands.EndCommand(pipesOn: scan.Current == '|' && scan.Ahead(1) != '|');
        }

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
        CommandReader.EndWord(scan);
        if (grammar.MayBeFunction)
        {
            Function(scan);
            return;
        }

        var isArithmetic = scan.Ahead(1) == '(';
        if (isArithmetic && grammar.ExpectsCommand && !touchesWord && !GoesOnInNextLine(scan, 1))
        {
            scan.Enter(FrameKind.ArithmeticCommand, Refusals.Arithmetic, opening: 2);
            return;
        }

        if (grammar.ExpectsCommand)
        {
            scan.Frame.Commands.OpenParenthesis();
        }

        // bash's arrays and patterns, a(…) and @(…): it reads quotes in there by rules of their own.
        Take(scan, 1, !touchesWord && !isArithmetic && grammar.OpenParenthesis());
    }

    private static void Function(ShellScan scan)
    {
        var close = scan.At + 1;
        while (close < scan.Text.Length && scan.Text[close] is ' ' or '\t')
        {
            close++;
        }

        var isFunction = close < scan.Text.Length && scan.Text[close] == ')';
        scan.Frame.Commands.Function();
        Take(scan, isFunction ? close + 1 - scan.At : 1, isFunction && scan.Frame.Grammar!.FunctionParentheses());
    }

    private static void CloseParenthesis(ShellScan scan)
    {
        var grammar = scan.Frame.Grammar!;
        if (grammar.EndsPattern)
        {
            scan.Frame.Commands.Pattern();
        }
        else
        {
            scan.Frame.Commands.CloseParenthesis();
        }

        if (!grammar.EndsSubstitution)
        {
            Take(scan, 1, grammar.CloseParenthesis());
            return;
        }

        if (scan.Frame.HereDocuments.Count > 0)
        {
            scan.LoseTrack();
        }

        scan.Leave(closing: 1);
    }

    private static void Redirection(ShellScan scan)
    {
        var word = scan.Frame.Word;
        if (scan.Ahead(1) == '(')
        {
            ProcessSubstitution(scan);
            return;
        }

        if (word is { IsOpen: true, IsDigits: true })
        {
            if (word.HasLineContinuation)
            {
                scan.LoseTrack();
            }

            word.Close();
        }

        CommandReader.EndWord(scan);
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

        var length = Length(scan);
        scan.Frame.Commands.Redirection(scan.Text.Substring(scan.At, length));
        Take(scan, length, isKnown);
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
        }

        word.Open(scan.At, scan.Sites.Count);
        word.AddQuoted();
        scan.Enter(FrameKind.Commands, null, opening: 2);
    }
}
