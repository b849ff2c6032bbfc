using System.Text;

namespace ThinDeployer.Server.Client;

/// <summary>What a deployment printed, made safe for a terminal: it may colour its lines, but not write elsewhere.</summary>
internal static class TerminalText
{
    private const char Escape = '\e';

    /// <summary>
    /// Keeps text, tabs, line ends and the escape sequences that colour (SGR, ECMA-48 section 8.3.117); every other control
    /// character is shown as a sign.
    /// </summary>
    internal static string Safe(string text)
    {
        var safe = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] is Escape && ColourAt(text, i) is > 0 and var length)
            {
                safe.Append(text, i, length);
                i += length - 1;
            }
            else
            {
                safe.Append(char.IsControl(text[i]) && text[i] is not ('\n' or '\t' or '\r') ? '\uFFFD' : text[i]);
            }
        }

        return safe.ToString();
    }

    private static int ColourAt(string text, int start)
    {
        var end = start + 2;
        if (end > text.Length || text[start + 1] != '[')
        {
            return 0;
        }

        while (end < text.Length && (char.IsAsciiDigit(text[end]) || text[end] is ';' or ':'))
        {
            end++;
        }

        return end < text.Length && text[end] == 'm' ? end + 1 - start : 0;
    }
}
