namespace ThinDeployer.Yaml;

/// <summary>
/// Where secrets stand in a file as they are, neither digested nor taken from the environment: who may read the file
/// has them.
/// </summary>
internal sealed class PlainSecrets
{
    /// <summary>The first of each file is enough to warn of it.</summary>
    private readonly Dictionary<string, PlainSecret> _byFile = new(StringComparer.Ordinal);

    internal IEnumerable<PlainSecret> Files => _byFile.Values;

    /// <param name="text">What the configuration itself holds.</param>
    /// <param name="isToken">Whether a digest could stand there.</param>
    internal void Note(YamlText text, string? service, bool isToken = false)
    {
        if (text.Text.Length > 0 && !text.Text.Contains(EnvironmentReference.Start, StringComparison.Ordinal))
        {
            Note(text.Place.File, text.Place, service, isToken);
        }
    }

    /// <param name="file">A file that holds nothing else.</param>
    /// <param name="namedAt">Where the configuration names it.</param>
    /// <param name="isToken">Whether digests could stand there.</param>
    internal void Note(string file, Place namedAt, string? service, bool isToken = false) =>
        _byFile[file] = _byFile.TryGetValue(file, out var first)
            ? first with
            {
                IsTokensOnly = first.IsTokensOnly && isToken,
            }
            : new PlainSecret(file, namedAt, service, isToken);
}

/// <summary>The first secret in a file, and whether there are but tokens.</summary>
internal sealed record PlainSecret(string File, Place NamedAt, string? Service, bool IsTokensOnly);
