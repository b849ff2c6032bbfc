namespace ThinDeployer.Shell;

/// <summary>A backslash before a newline joins two lines: outside single quotes, comments and quoted here-documents it is nothing at all.</summary>
internal static class ContinuedLines
{
    private const string Continuation = "\\\n";

    internal static bool IsAt(string text, int index) =>
        index >= 0 && index + 1 < text.Length && text[index] == '\\' && text[index + 1] == '\n';

    /// <summary>The index behind all of them that stand at <paramref name="index"/>.</summary>
    internal static int Skip(string text, int index)
    {
        while (IsAt(text, index))
        {
            index += Continuation.Length;
        }

        return index;
    }

    internal static string Join(string text) => text.Replace(Continuation, "");
}
