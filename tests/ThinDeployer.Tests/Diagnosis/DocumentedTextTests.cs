using System.Text.RegularExpressions;

namespace ThinDeployer.Tests.Diagnosis;

/// <summary>The documents as text: their links lead somewhere, their sentences are short, and the index knows each of them.</summary>
public sealed partial class DocumentedTextTests
{
    /// <summary>Words between two stops: full stop, colon, semicolon.</summary>
    private const int MostWords = 29;

    /// <summary>Lines of a recipe.</summary>
    private const int MostLines = 120;

    private static string Repository => ConfigurationSchemaTests.Repository;

    /// <summary>Relative to the repository. The change log is a list of what was, and is not rewritten.</summary>
    public static TheoryData<string> Documents =>
        [
            .. Directory
                .EnumerateFiles(Path.Combine(Repository, "docs"), "*.md", SearchOption.AllDirectories)
                .Select(file => Path.GetRelativePath(Repository, file))
                .Order(StringComparer.Ordinal),
            "README.md",
            "CONTRIBUTING.md",
            "SECURITY.md",
            "bench/README.md",
        ];

    [Theory]
    [MemberData(nameof(Documents))]
    public void Each_link_leads_to_a_file_and_a_heading(string document)
    {
        var folder = Path.GetDirectoryName(Path.Combine(Repository, document))!;

        var broken = Links
            .Matches(WithoutCode(Read(document)))
            .Select(link => link.Groups["to"].Value)
            .Where(link => !link.Contains("://", StringComparison.Ordinal))
            .Where(link => !LeadsSomewhere(folder, document, link.Split('#', 2)));

        Assert.Empty(broken);
    }

    [Theory]
    [MemberData(nameof(Documents))]
    public void No_sentence_is_long(string document)
    {
        var longOnes = Paragraphs(Read(document))
            .SelectMany(paragraph => Stops.Split(paragraph))
            .Where(sentence => Words.Count(sentence) > MostWords);

        Assert.Empty(longOnes);
    }

    [Fact]
    public void The_index_names_each_guide()
    {
        var index = Read("docs/README.md");

        var missing = Directory
            .EnumerateFiles(Path.Combine(Repository, "docs"), "*.md", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Path.Combine(Repository, "docs"), file))
            .Where(file => !file.EndsWith("README.md", StringComparison.Ordinal))
            .Where(file => !file.StartsWith("decisions/", StringComparison.Ordinal))
            .Where(file => !index.Contains($"({file}", StringComparison.Ordinal));

        Assert.Empty(missing);
    }

    [Fact]
    public void A_recipe_fits_a_few_screens() =>
        Assert.DoesNotContain(
            Directory.EnumerateFiles(Path.Combine(Repository, "docs", "recipes"), "*.md"),
            file => File.ReadLines(file).Count() > MostLines
        );

    private static string Read(string document) => File.ReadAllText(Path.Combine(Repository, document));

    private static string WithoutCode(string text) => Blocks.Replace(text, "\n\n");

    private static bool LeadsSomewhere(string folder, string document, string[] link)
    {
        var file = link[0].Length == 0 ? Path.Combine(Repository, document) : Path.Combine(folder, link[0]);
        return link.Length == 1
            ? Path.Exists(file)
            : File.Exists(file) && AnchorsOf(File.ReadAllText(file)).Contains(link[1]);
    }

    /// <summary>As forges make them: lower case, blanks become "-", and of other characters only "-" and "_" stay.</summary>
    private static HashSet<string> AnchorsOf(string text) =>
        Headings
            .Matches(WithoutCode(text))
            .Select(heading => Unspoken.Replace(heading.Groups["text"].Value.ToLowerInvariant(), "").Replace(' ', '-'))
            .ToHashSet(StringComparer.Ordinal);

    /// <summary>Each paragraph, item of a list and cell of a table on one line; code within is one word, and so is what is linked.</summary>
    private static IEnumerable<string> Paragraphs(string text) =>
        Breaks
            .Split(WithoutCode(text))
            .SelectMany(part => part.StartsWith('|') ? Cells.Split(part) : [part])
            .Select(part => Code.Replace(Links.Replace(part, "[${shown}]"), "X").ReplaceLineEndings(" "));

    [GeneratedRegex(@"^ *```.*?^ *```", RegexOptions.Singleline | RegexOptions.Multiline, 1_000)]
    private static partial Regex Blocks { get; }

    [GeneratedRegex(@"\[(?<shown>[^\]]*)\]\((?<to>[^)\s]+)\)", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Links { get; }

    [GeneratedRegex("^#+ (?<text>.*)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Headings { get; }

    [GeneratedRegex(@"[^\p{L}\p{Nd} _-]", RegexOptions.None, 1_000)]
    private static partial Regex Unspoken { get; }

    [GeneratedRegex("`[^`]*`", RegexOptions.None, 1_000)]
    private static partial Regex Code { get; }

    /// <summary>An empty line, and before an item, a heading, a quotation and a row.</summary>
    [GeneratedRegex(@"\n\s*\n|\n(?=\s*(?:[-*>]|\d+\.)\s|#|\|)", RegexOptions.None, 1_000)]
    private static partial Regex Breaks { get; }

    [GeneratedRegex(@"(?<!\\)\|", RegexOptions.None, 1_000)]
    private static partial Regex Cells { get; }

    [GeneratedRegex(@"(?<=[.!?:;][)""*]*)\s", RegexOptions.None, 1_000)]
    private static partial Regex Stops { get; }

    [GeneratedRegex(@"\S*\w\S*", RegexOptions.None, 1_000)]
    private static partial Regex Words { get; }
}
