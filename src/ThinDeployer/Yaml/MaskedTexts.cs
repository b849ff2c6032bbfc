namespace ThinDeployer.Yaml;

/// <summary>
/// Texts of one service that must not stand in any output. A reader that comes across one says so here: it then belongs to
/// what the service's deployments are masked with.
/// </summary>
internal sealed class MaskedTexts
{
    private readonly List<(string Text, Place Place)> _texts = [];

    internal IReadOnlyList<(string Text, Place Place)> All => _texts;

    /// <param name="text">As programs get to see it, with <c>${…}</c> filled in.</param>
    /// <param name="place">Where the configuration has it, or names its file.</param>
    internal void Add(string text, Place place) => _texts.Add((text, place));

    public override string ToString() => "***";
}
