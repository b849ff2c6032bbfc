namespace ThinDeployer.Shell;

/// <summary>
/// Finds placeholders whose value a second program reads as code again, however well it is quoted here. It knows the
/// usual ones by their names; a miss costs a warning, no more.
/// </summary>
internal static class SecondShell
{
    private static readonly string[] Shells = ["sh", "bash", "dash", "ash", "ksh", "zsh"];
    private static readonly string[] ReadCode = ["eval", "ssh", "su", "xargs", "watch", "parallel"];
    private static readonly string[] InFront = ["sudo", "env", "exec", "nohup", "time", "command", "doas", "nice"];
    private static readonly string[] Arithmetic = ["-eq", "-ne", "-lt", "-le", "-gt", "-ge"];

    /// <summary>The program that would read the value as code; null for none that is known.</summary>
    internal static string? Of(string command, Placeholder placeholder)
    {
        var words = WordsBefore(command, placeholder.Index).SkipWhile(IsNoProgram).ToList();
        if (words.Count > 0 && InFront.Contains(Name(words[0]), StringComparer.Ordinal))
        {
            // With switches of its own in between, such as sudo -u name.
            words = [.. words.SkipWhile(word => !IsKnown(Name(word)))];
        }

        if (words.Count == 0)
        {
            return null;
        }

        var program = Name(words[0]);
        var isCode =
            ReadCode.Contains(program, StringComparer.Ordinal)
            || (Shells.Contains(program, StringComparer.Ordinal) && words.Any(IsCommandSwitch))
            || (program is "[[" && IsArithmetic(command, placeholder, words))
            || (program is "test" or "[" && words.Contains("-v", StringComparer.Ordinal));
        return isCode ? program : null;
    }

    /// <summary>An assignment, or a word of the shell's own that a command follows.</summary>
    private static bool IsNoProgram(string word) =>
        word.Contains('=') || word is "!" or "if" or "then" or "else" or "elif" or "while" or "until" or "do";

    private static bool IsKnown(string program) =>
        Shells.Contains(program, StringComparer.Ordinal) || ReadCode.Contains(program, StringComparer.Ordinal);

    private static string Name(string word) => word[(word.LastIndexOf('/') + 1)..];

    /// <summary><c>-c</c>, also together with others, such as <c>-lc</c>.</summary>
    private static bool IsCommandSwitch(string word) =>
        word.Length > 1 && word[0] == '-' && word[1] != '-' && word.Contains('c', StringComparison.Ordinal);

    private static bool IsArithmetic(string command, Placeholder placeholder, List<string> before)
    {
        var end = command.IndexOf("]]", placeholder.End, StringComparison.Ordinal);
        var behind = command[placeholder.End..(end < 0 ? command.Length : end)].Split(' ');
        return before.Concat(behind).Any(word => Arithmetic.Contains(word, StringComparer.Ordinal));
    }

    /// <summary>Of the same simple command, roughly: what stands in quotes separates nothing.</summary>
    private static string[] WordsBefore(string command, int index)
    {
        var start = 0;
        var quote = '\0';
        for (var i = 0; i < index; i++)
        {
            var character = command[i];
            if (quote != '\0')
            {
                quote = character == quote ? '\0' : quote;
            }
            else if (character is '\'' or '"')
            {
                quote = character;
            }
            else if (character == '\\')
            {
                i++;
            }
            else if (character is ';' or '&' or '|' or '\n' or '(' or ')' or '{' or '}' or '`')
            {
                start = i + 1;
            }
        }

        return command[Math.Min(start, index)..index].Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
    }
}
