namespace ThinDeployer.Shell;

/// <summary>The insides where no value is safe: they are read only to find their end, and only while they are simple.</summary>
internal static class ExpansionReader
{
    internal static void StepInParameter(ShellScan scan)
    {
        switch (scan.Current)
        {
            case '}':
                scan.Leave(closing: 1);
                break;
            case '%':
                scan.PercentSign(Quoting.Bare, scan.At);
                break;
            case '$':
                DollarReader.Step(scan);
                break;
            case var character when char.IsAsciiLetterOrDigit(character) || "_#:?+-=/,.@*!^~[] ".Contains(character):
                scan.At++;
                break;
            default:
                // Quotes, backslashes, newlines and braces: dash and bash, and `${…}` in and out of double quotes, end differently.
                scan.LoseTrack();
                scan.At++;
                break;
        }
    }

    internal static void StepInArithmetic(ShellScan scan)
    {
        switch (scan.Current)
        {
            case '(':
                scan.Frame.OpenParentheses++;
                scan.At++;
                break;
            case ')' when scan.Frame.OpenParentheses > 0:
                scan.Frame.OpenParentheses--;
                scan.At++;
                break;
            // Without the second parenthesis bash reads it again as a subshell, dash does not.
            case ')' when scan.Ahead(1) == ')':
                EndArithmetic(scan);
                break;
            case '<' or '>' when scan.Ahead(1) == '(':
            // For dash a here-document.
            case '<' when scan.Ahead(1) == '<' && scan.Frame.Kind == FrameKind.ArithmeticCommand:
            case '\n' when scan.HereDocumentWaits || scan.Frame.Kind == FrameKind.ArithmeticCommand:
                scan.LoseTrack();
                scan.At++;
                break;
            case '%':
                scan.PercentSign(Quoting.Bare, scan.At);
                break;
            case '$':
                DollarReader.Step(scan);
                break;
            case var character
                when char.IsAsciiLetterOrDigit(character) || "_+-*/<>=!&|^~?:,. \t\n".Contains(character):
                scan.At++;
                break;
            default:
                scan.LoseTrack();
                scan.At++;
                break;
        }
    }

    private static void EndArithmetic(ShellScan scan)
    {
        var isCommand = scan.Frame.Kind == FrameKind.ArithmeticCommand;
        scan.Leave(closing: 2);
        if (isCommand)
        {
            scan.Frame.Grammar!.ArithmeticCommand();
        }
    }

    internal static void StepInBackticks(ShellScan scan)
    {
        switch (scan.Current)
        {
            case '`':
                scan.Leave(closing: 1);
                break;
            // bash skips comments when it looks for the closing backtick, dash does not.
            case '#':
            case '\n' when scan.HereDocumentWaits:
                scan.LoseTrack();
                scan.At++;
                break;
            case '%':
                scan.PercentSign(Quoting.Bare, scan.At);
                break;
            case '\\' when scan.Ahead(1) is '\\' or '`' or '$' or '"' or '\'':
                scan.At += 2;
                break;
            default:
                scan.At++;
                break;
        }
    }
}
