using System.Text;

namespace ThinDeployer.Operating.Diagnosis;

/// <summary>
/// The program that the first line of a script names. Where it is missing, shells say that the script itself is not found,
/// which its owner can see that it is.
/// </summary>
internal static class Interpreter
{
    /// <summary>The kernel reads no further.</summary>
    private const int LongestLine = 256;

    /// <param name="script">Full path; anything but a script with such a line is fine.</param>
    /// <param name="complaint">The rest of a sentence that begins with the script.</param>
    internal static bool IsMissing(string script, out string complaint)
    {
        complaint = "";
        if (FirstLine(script) is not ['#', '!', .. var named])
        {
            return false;
        }

        if (named.EndsWith('\r'))
        {
            complaint = "has lines that end as on Windows, so its interpreter is not found";
            return true;
        }

        var interpreter = named.Trim().Split((char[])[' ', '\t'], 2)[0];
        complaint = $"begins with \"#!{interpreter}\", which is not there";
        return interpreter.StartsWith('/') && !File.Exists(interpreter);
    }

    private static string FirstLine(string path)
    {
        try
        {
            var buffer = new byte[LongestLine];
            using var file = File.OpenHandle(path);
            var read = RandomAccess.Read(file, buffer, fileOffset: 0);
            return Encoding.UTF8.GetString(buffer, 0, read).Split('\n')[0];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
