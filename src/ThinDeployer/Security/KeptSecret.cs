using ThinDeployer.Yaml;

namespace ThinDeployer.Security;

/// <summary>
/// A secret that is shown to another program. Where it stands in a file, that is read each time, so that it can be changed while
/// the server runs.
/// </summary>
internal sealed class KeptSecret
{
    private readonly string? _text;
    private readonly string? _path;

    private KeptSecret(string? text, string? path) => (_text, _path) = (text, path);

    /// <summary>Tells it from others without giving it away by itself: for a digest.</summary>
    internal string Identity => _path is null ? $"text {_text}" : $"file {_path}";

    internal static KeptSecret OfText(string text) => new(text, path: null);

    /// <param name="path">Full. The first line counts that is neither empty nor a comment.</param>
    internal static KeptSecret OfFile(string path) => new(text: null, path);

    /// <summary>Null where there is none, with the reason as a part of a sentence.</summary>
    internal string? Read(out string? why)
    {
        why = null;
        if (_path is null)
        {
            return _text;
        }

        if (TextFile.Read(_path, SecretLines.MaximumFileBytes) is not TextFileResult.Content content)
        {
            why = "its file can't be read";
            return null;
        }

        if (SecretLines.In(content.Text, out _) is [var line, ..])
        {
            return line;
        }

        why = "its file is empty";
        return null;
    }

    public override string ToString() => Secret.Stars;
}
