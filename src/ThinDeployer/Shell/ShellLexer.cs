namespace ThinDeployer.Shell;

/// <summary>
/// Reads a command as dash and bash both read it, to know how each placeholder is quoted. Where the two differ, or where their versions do,
/// it accepts no placeholder in the rest of the text: a place that is not accepted costs a value, a place that is misread costs the machine.
/// The commands that it tells of are as it read them; there the rest counts, too, since they only advise.
/// </summary>
internal static class ShellLexer
{
    internal static IReadOnlyList<PlaceholderSite> FindPlaceholders(string command) => Read(command).Sites;

    /// <summary>
    /// Where the lines end that end a command, outside of everything, and whether it is a simple one; up to where it gives up.
    /// </summary>
    internal static IReadOnlyList<(int At, bool IsSimple)> FindLineEnds(string command) => Read(command).LineEnds;

    /// <summary>In the order of the text, and behind them those inside substitutions; in rare text it may be mistaken.</summary>
    internal static IReadOnlyList<SimpleCommand> FindCommands(string command) => Read(command).Commands.Found;

    internal static ShellScan Read(string command, int offset = 0)
    {
        var scan = new ShellScan(command, offset);
        while (!scan.IsAtEnd)
        {
            Step(scan);
        }

        CommandReader.End(scan);
        return scan;
    }

    /// <summary>Reads one character, or what belongs to it. Always gets further.</summary>
    private static void Step(ShellScan scan)
    {
        // C's end of text, and the characters by which bash marks quoting internally.
        if (scan.Current is '\0' or '\u0001' or '\u007f')
        {
            scan.LoseTrack();
        }

        switch (scan.Frame.Kind)
        {
            case FrameKind.Commands:
                CommandReader.Step(scan);
                break;
            case FrameKind.DoubleQuotes:
                DoubleQuotesReader.Step(scan);
                break;
            case FrameKind.Parameter:
                ExpansionReader.StepInParameter(scan);
                break;
            case FrameKind.Arithmetic:
            case FrameKind.ArithmeticCommand:
                ExpansionReader.StepInArithmetic(scan);
                break;
            default:
                ExpansionReader.StepInBackticks(scan);
                break;
        }
    }
}
