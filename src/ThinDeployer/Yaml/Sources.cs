using System.Security.Cryptography;
using System.Text;

namespace ThinDeployer.Yaml;

/// <summary>
/// What a configuration was read from, with what was found there, so that a change can be seen: by content, because
/// editors and Kubernetes put new files in the place of old ones, and not every file system tells.
/// </summary>
internal sealed class Sources
{
    /// <summary>Enough to be told of.</summary>
    private const int MaximumHidden = 10;

    private readonly Dictionary<Source, string> _found = [];

    /// <summary>Reads a file as <see cref="TextFile"/> does, and remembers it.</summary>
    internal TextFileResult Read(string path, int maximumBytes)
    {
        var result = TextFile.Read(path, maximumBytes);
        _found[new Source.OfFile(path, maximumBytes)] = Digest(result);
        return result;
    }

    /// <summary>The full paths of a folder's <c>*.yml</c> and <c>*.yaml</c> in the order of their names.</summary>
    /// <exception cref="IOException">The folder can't be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder can't be read.</exception>
    internal IReadOnlyList<string> List(string folder, int maximumFiles)
    {
        var source = new Source.OfFolder(folder, maximumFiles);
        _found[source] = "";
        var files = source.List();
        _found[source] = string.Join('\n', files);
        return files;
    }

    /// <summary>
    /// Those that are left out because a shell's <c>*.yml</c> leaves them out, too: hidden ones, but for what editors and
    /// macOS leave beside a file (<c>.#name.yml</c>, <c>._name.yml</c>).
    /// </summary>
    internal static IReadOnlyList<string> ListHidden(string folder) =>
        [
            .. Directory
                .EnumerateFiles(folder)
                .Where(path => IsYaml(path) && IsHidden(path) && Path.GetFileName(path)[1] is not ('#' or '_'))
                .Order(StringComparer.Ordinal)
                .Take(MaximumHidden),
        ];

    private static bool IsYaml(string path) => Path.GetExtension(path) is ".yml" or ".yaml";

    private static bool IsHidden(string path) => Path.GetFileName(path).StartsWith('.');

    /// <summary>Whether there is a file or a folder.</summary>
    internal bool Exists(string path)
    {
        var source = new Source.OfName(path);
        _found[source] = source.Look();
        return Path.Exists(path);
    }

    /// <summary>The same places as they are now.</summary>
    internal Sources Now()
    {
        var now = new Sources();
        foreach (var source in _found.Keys)
        {
            now._found[source] = source.Look();
        }

        return now;
    }

    internal bool IsSameAs(Sources other) =>
        _found.Count == other._found.Count
        && _found.All(found => other._found.TryGetValue(found.Key, out var there) && there == found.Value);

    private static string Digest(TextFileResult result) =>
        result is TextFileResult.Content(var text)
            ? Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text)))
            : result.ToString();

    private abstract record Source
    {
        internal abstract string Look();

        internal sealed record OfFile(string Path, int MaximumBytes) : Source
        {
            internal override string Look() => Digest(TextFile.Read(Path, MaximumBytes));
        }

        internal sealed record OfFolder(string Path, int MaximumFiles) : Source
        {
            internal override string Look()
            {
                try
                {
                    return string.Join('\n', List());
                }
                catch (Exception exception)
                    when (exception is IOException or UnauthorizedAccessException
                        && !OutOfDescriptors.IsCause(exception)
                    )
                {
                    return "";
                }
            }

            internal List<string> List() =>
                [
                    .. Directory
                        .EnumerateFiles(Path)
                        .Where(IsConfigurationFile)
                        .Order(StringComparer.Ordinal)
                        .Take(MaximumFiles),
                ];

            private static bool IsConfigurationFile(string path) => IsYaml(path) && !IsHidden(path);
        }

        internal sealed record OfName(string Path) : Source
        {
            internal override string Look() =>
                Directory.Exists(Path) ? "folder"
                : File.Exists(Path) ? "file"
                : "";
        }
    }
}
