using System.Diagnostics;

namespace ThinDeployer.Yaml;

internal static class YamlFile
{
    internal const int MaximumBytes = 1_048_576;

    /// <summary>
    /// The map at the top of a file. Null after a mistake that leaves nothing to read; after any other the rest is
    /// there, so that a reader can find more.
    /// </summary>
    internal static YamlMap? Read(string path, NodeBudget budget, Problems problems)
    {
        switch (problems.Sources.Read(path, MaximumBytes))
        {
            case TextFileResult.Content(var text):
                return Parse(path, text, budget, problems);
            case TextFileResult.Refused(var reason, var line, var column):
                problems.Mistake(new Place(path, line, column), service: null, reason);
                return null;
            default:
                throw new UnreachableException();
        }
    }

    internal static YamlMap? Parse(string file, string text, NodeBudget budget, Problems problems)
    {
        var root = ParseNode(file, text, budget, problems);
        switch (root)
        {
            case null:
                return null;
            case YamlMap map:
                return map;
            case YamlText { IsNothing: true }:
                problems.Mistake(Place.StartOf(file), service: null, "the file is empty");
                return null;
            default:
                problems.Mistake(
                    root.Place,
                    service: null,
                    "the top level must be a map: lines such as \"name: value\""
                );
                return null;
        }
    }

    /// <summary>The tree of a text, whatever stands at its top; an empty file is an empty text.</summary>
    internal static YamlNode? ParseNode(string file, string text, NodeBudget budget, Problems problems) =>
        new YamlTreeBuilder(file, budget, problems).Build(new YamlEvents(file, text));
}
