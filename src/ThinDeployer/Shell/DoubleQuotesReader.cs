namespace ThinDeployer.Shell;

/// <summary>The inside of <c>"…"</c>.</summary>
internal static class DoubleQuotesReader
{
    internal static void Step(ShellScan scan)
    {
        switch (scan.Current)
        {
            case '"':
                scan.Leave(closing: 1);
                break;
            case '\n' when scan.HereDocumentWaits:
                scan.LoseTrack();
                scan.At++;
                break;
            case '\\':
                Backslash(scan);
                break;
            case '$':
                DollarReader.Step(scan);
                break;
            case '`':
                scan.Enter(FrameKind.Backticks, Refusals.Backticks, opening: 1);
                break;
            case '%':
                // Closed and opened again: a reference that stayed inside would join with a neighbour such as `$`.
                scan.PercentSign(Quoting.Double, scan.At);
                break;
            default:
                scan.At++;
                break;
        }
    }

    private static void Backslash(ShellScan scan)
    {
        switch (scan.Ahead(1))
        {
            case '\n' when scan.HereDocumentWaits:
                scan.LoseTrack();
                scan.At += 2;
                break;
            case '%':
                // Before a percent sign it means itself, before our closing quote it would not.
                scan.At++;
                scan.PercentSign(Quoting.Double, scan.At - 1, @"\\");
                break;
            case '\0' or '\u0001' or '\u007f':
                scan.At++;
                break;
            default:
                scan.At += 2;
                break;
        }
    }
}
