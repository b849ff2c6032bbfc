using ThinDeployer.Yaml;

namespace ThinDeployer.Operating.Importing;

/// <summary>A file with webhook's hooks, in JSON or YAML.</summary>
internal sealed class HookFile
{
    private HookTemplate? _template;

    /// <summary>Why it is none.</summary>
    internal Problems Problems { get; } = new();

    /// <summary>In the order written; empty where <see cref="Problems"/> has mistakes.</summary>
    internal IReadOnlyList<Hook> Hooks { get; private set; } = [];

    /// <param name="path">As it shall be named in what is told.</param>
    internal static HookFile Read(string path)
    {
        var file = new HookFile();
        switch (file.Problems.Sources.Read(path, YamlFile.MaximumBytes))
        {
            case TextFileResult.Content(var text):
                file.Parse(path, text);
                break;
            case TextFileResult.Refused(var reason, var line, var column):
                file.Problems.Mistake(new Place(path, line, column), service: null, reason);
                break;
        }

        return file;
    }

    internal HookText TextOf(YamlText text) => new(text.Place, _template!.PartsOf(text.Text));

    private void Parse(string path, string text)
    {
        _template = HookTemplate.Read(path, text, Problems);
        switch (YamlFile.ParseNode(path, _template.Text, new NodeBudget(), Problems))
        {
            case null:
                break;
            case YamlList { Items: { Count: > 0 } items }:
                Hooks = [.. items.Select(item => HookReader.Read(item, this)).OfType<Hook>()];
                break;
            case var other:
                Problems.Mistake(other.Place, service: null, "a hooks file is a list of at least one hook");
                break;
        }
    }
}
