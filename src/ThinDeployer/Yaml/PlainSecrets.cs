namespace ThinDeployer.Yaml;

/// <summary>
/// Where secrets stand in a file as they are, neither digested nor taken from the environment: who may read the file
/// has them.
/// </summary>
internal sealed class PlainSecrets
{
    /// <summary>The first of each file is enough to warn of it.</summary>
    private readonly Dictionary<string, (Place NamedAt, string? Service)> _byFile = new(StringComparer.Ordinal);

    internal IEnumerable<(string File, Place NamedAt, string? Service)> Files =>
        _byFile.Select(entry => (entry.Key, entry.Value.NamedAt, entry.Value.Service));

    /// <param name="text">What the configuration itself holds.</param>
    internal void Note(YamlText text, string? service)
    {
        if (text.Text.Length > 0 && !text.Text.Contains(EnvironmentReference.Start, StringComparison.Ordinal))
        {
            _byFile.TryAdd(text.Place.File, (text.Place, service));
        }
    }

    /// <param name="file">A file that holds nothing else.</param>
    /// <param name="namedAt">Where the configuration names it.</param>
    internal void Note(string file, Place namedAt, string? service) => _byFile.TryAdd(file, (namedAt, service));
}
