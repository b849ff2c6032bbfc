using System.Buffers;

namespace ThinDeployer.Shell;

/// <summary>Commands that mean the same without a shell: a program and its arguments, as they are written.</summary>
internal static class PlainWords
{
    /// <summary>Characters that mean themselves to every shell, wherever they stand in a word.</summary>
    private static readonly SearchValues<char> Plain = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_./:@,+-= \t"
    );

    /// <summary>The words; null for a command that a shell may read otherwise, and for what a shell does itself.</summary>
    internal static IReadOnlyList<string>? Of(string command)
    {
        // A block of YAML ends with a line feed.
        var line = command.TrimEnd('\n');
        if (line.AsSpan().ContainsAnyExcept(Plain))
        {
            return null;
        }

        var words = line.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        return words is [var program, ..] && IsProgram(program) ? words : null;
    }

    /// <summary>A word with "=" in it may be an assignment.</summary>
    private static bool IsProgram(string word) =>
        !word.Contains('=') && !ShellKeywords.IsKeyword(word) && !ShellKeywords.IsBuiltin(word);
}
