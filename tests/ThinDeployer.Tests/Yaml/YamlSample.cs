using ThinDeployer.Yaml;

namespace ThinDeployer.Tests.Yaml;

/// <summary>A text read as if it stood in the file <c>f.yml</c>.</summary>
internal sealed class YamlSample
{
    internal const string File = "f.yml";

    private YamlSample(string text)
    {
        Map = YamlFile.Parse(File, text, new NodeBudget(), Problems);
    }

    internal Problems Problems { get; } = new();

    internal YamlMap? Map { get; }

    internal string[] Lines => [.. Problems.Select(problem => problem.ToString())];

    internal static YamlSample Of(string text) => new(text);

    /// <summary>One line for the whole tree: quoted texts in double quotes, lists in [], maps in {}.</summary>
    internal static string Show(YamlNode? node) =>
        node switch
        {
            null => "nothing",
            YamlText { IsQuoted: true } text => $"\"{text.Text}\"",
            YamlText text => text.Text,
            YamlList list => $"[{string.Join(", ", list.Items.Select(Show))}]",
            YamlMap map =>
                $"{{{string.Join(", ", map.Entries.Select(entry => $"{Show(entry.Key)}: {Show(entry.Value)}"))}}}",
            _ => throw new ArgumentOutOfRangeException(nameof(node)),
        };
}
