namespace ThinDeployer.Server;

/// <summary>
/// A terminal that is left as it was. With the first byte that .NET writes to standard output or error, it switches the keys of the
/// terminal to what an editor wants (<c>keypad_xmit</c> of terminfo, often <c>ESC [ ? 1 h ESC =</c>), also where both are redirected, and
/// never switches them back.
/// </summary>
internal static class PlainConsole
{
    private const string Terminal = "TERM";

    /// <summary>Before anything is written: .NET asks once which terminal this is, and gets no answer.</summary>
    internal static void Use()
    {
        var name = Environment.GetEnvironmentVariable(Terminal);
        Environment.SetEnvironmentVariable(Terminal, null);
        try
        {
            using var output = Console.OpenStandardOutput();
            output.Write([]);
        }
        finally
        {
            // Commands may inherit it.
            Environment.SetEnvironmentVariable(Terminal, name);
        }
    }
}
