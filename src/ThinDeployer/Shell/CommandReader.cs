using System.Buffers;

namespace ThinDeployer.Shell;

/// <summary>Text outside quotes: words, comments, and through <see cref="OperatorReader"/> the operators between them.</summary>
internal static class CommandReader
{
    private static readonly SearchValues<char> UncertainInComments = SearchValues.Create("'\"`()\\");

    internal static void Step(ShellScan scan)
    {
        var word = scan.Frame.Word;
        switch (scan.Current)
        {
            case ' ' or '\t':
                EndWord(scan);
                scan.At++;
                break;
            case '\n' or ';' or '&' or '|' or '<' or '>' or '(' or ')':
                OperatorReader.Step(scan);
                break;
            case '#' when !word.IsOpen:
                Comment(scan);
                break;
            // Whether the word goes on is then a matter of the locale.
            case '#' when scan.Text[scan.At - 1] is > '~' or < ' ' && !ContinuedLines.IsAt(scan.Text, scan.At - 2):
                scan.LoseTrack();
                goto default;
            case '\\':
                Backslash(scan);
                break;
            case '\'':
                SingleQuotes(scan);
                break;
            case '"':
                word.Open(scan.At, scan.Sites.Count);
                word.AddQuoted();
                scan.Enter(FrameKind.DoubleQuotes, null, opening: 1);
                break;
            case '`':
                word.Open(scan.At, scan.Sites.Count);
                word.AddQuoted();
                scan.Enter(FrameKind.Backticks, Refusals.Backticks, opening: 1);
                break;
            case '$':
                DollarReader.Step(scan);
                break;
            case '%':
                word.Open(scan.At, scan.Sites.Count);
                PercentSign(scan, scan.At);
                break;
            case '[' when word.IsOpen && word.CanTakeSubscript:
                Subscript(scan);
                break;
            default:
                word.Open(scan.At, scan.Sites.Count);
                word.Add(scan.Current);
                scan.At++;
                break;
        }
    }

    /// <summary>The end of the text ends a word too, and only then is it known to be a whole one.</summary>
    internal static void End(ShellScan scan)
    {
        while (!scan.IsInnermostOnly)
        {
            scan.LoseTrack();
            EndCommand(scan);
            scan.Leave(closing: 0);
        }

        EndCommand(scan);
    }

    /// <summary>Of a level of commands; others have none.</summary>
    internal static void EndCommand(ShellScan scan)
    {
        EndWord(scan);
        scan.Frame.Commands.EndCommand();
    }

    internal static void EndWord(ShellScan scan)
    {
        var word = scan.Frame.Word;
        if (!word.IsOpen)
        {
            return;
        }

        var grammar = scan.Frame.Grammar!;
        var found = WordText.Read(scan.Text, word.Start, scan.At, scan.Offset, word.Parts);
        var text = word.IsPlain ? word.Text(scan.Text, scan.At) : "";
        var mayBeOmitted = IsOnlyPlaceholders(scan, text) && grammar.CanOmitWord;
        if (mayBeOmitted)
        {
            scan.MarkOmittable(word.FirstSite);
        }

        // An alias may stand for any text, such as a quote that it opens; dash expands them in scripts too.
        var isKnown =
            found.Text != "alias" && grammar.Word(text, found.Text, word.IsName, word.IsAssignment || mayBeOmitted);
        word.Close();
        scan.Frame.Commands.Word(found);
        if (!isKnown)
        {
            scan.LoseTrack();
        }
    }

    private static bool IsOnlyPlaceholders(ShellScan scan, string text) =>
        text.StartsWith('%')
        && text.EndsWith('%')
        && !scan.Frame.Word.HasLineContinuation
        && scan.Frame.Word.FirstSite < scan.Sites.Count
        && scan.Sites[scan.Frame.Word.FirstSite].Placeholder.Index == scan.Frame.Word.Start;

    /// <summary>Nothing in it is a placeholder.</summary>
    private static void Comment(ShellScan scan)
    {
        var end = scan.Text.IndexOf('\n', scan.At);
        end = end < 0 ? scan.Text.Length : end;
        // Before version 5.2, bash looked for the end of a substitution without parsing it.
        if (!scan.IsInnermostOnly && scan.Text.AsSpan(scan.At, end - scan.At).ContainsAny(UncertainInComments))
        {
            scan.LoseTrack();
        }

        scan.At = end;
    }

    private static void Backslash(ShellScan scan)
    {
        var word = scan.Frame.Word;
        switch (scan.Ahead(1))
        {
            case '\n':
                word.HasLineContinuation = true;
                scan.At += 2;
                break;
            case '%':
                // It would escape our opening quote instead of the percent sign, which it leaves as it is: dropped.
                word.Open(scan.At, scan.Sites.Count);
                scan.At++;
                PercentSign(scan, scan.At - 1);
                word.AddQuoted();
                break;
            case '\0' or '\u0001' or '\u007f':
                word.Open(scan.At, scan.Sites.Count);
                word.AddQuoted();
                scan.At++;
                break;
            default:
                word.Open(scan.At, scan.Sites.Count);
                word.AddQuoted();
                scan.At += 2;
                break;
        }
    }

    /// <param name="scan">At the percent sign.</param>
    /// <param name="replaceFrom">Where the placeholder begins, or the backslash before it.</param>
    private static void PercentSign(ShellScan scan, int replaceFrom)
    {
        // A dollar sign that means itself would, before our opening quote, make it a text to be translated.
        var dollar = scan.Frame.Word.DollarAt;
        scan.Frame.Word.Add('%');
        scan.PercentSign(Quoting.Bare, dollar < 0 ? replaceFrom : dollar, dollar < 0 ? "" : @"\$");
    }

    private static void SingleQuotes(ShellScan scan)
    {
        var end = scan.Text.IndexOf('\'', scan.At + 1);
        end = end < 0 ? scan.Text.Length : end;
        var content = scan.Text.AsSpan(scan.At + 1, end - scan.At - 1);
        if (content.ContainsAny("\0\u0001\u007f") || (scan.HereDocumentWaits && content.Contains('\n')))
        {
            scan.LoseTrack();
        }

        scan.Frame.Word.Open(scan.At, scan.Sites.Count);
        scan.Frame.Word.AddQuoted();
        scan.At++;
        SingleQuoted(scan, end, refusal: null);
    }

    /// <summary>Reads up to the closing quote at <paramref name="end"/>, and over it.</summary>
    internal static void SingleQuoted(ShellScan scan, int end, string? refusal)
    {
        while (scan.At < end)
        {
            if (scan.Current == '%')
            {
                scan.PercentSign(Quoting.Single, scan.At, refusal: refusal);
            }
            else
            {
                scan.At++;
            }
        }

        scan.At++;
    }

    /// <summary>
    /// <c>a[…]=x</c>: for bash the inside is arithmetic, which runs what a value tells it to, and it is read up to the closing bracket, over blanks
    /// and quotes; for dash it is a word like any other.
    /// </summary>
    private static void Subscript(ShellScan scan)
    {
        var word = scan.Frame.Word;
        var mustEnd = word.CanBeAssigned;
        word.Refusal = Refusals.Subscript;
        word.Add('[');
        scan.At++;
        while (mustEnd && !scan.IsAtEnd && scan.Current != ']')
        {
            var isName = VariableName.IsPart(scan.Current);
            if (scan.Current == '%')
            {
                scan.PercentSign(Quoting.Bare, scan.At);
            }
            else if (
                isName
                || "*@?!^:/.,+-=~".Contains(scan.Current)
                || (scan.Current == '$' && char.IsAsciiLetter(scan.Ahead(1)))
            )
            {
                scan.At++;
            }
            else
            {
                scan.LoseTrack();
                return;
            }
        }
    }
}
