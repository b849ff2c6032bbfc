using System.Text.RegularExpressions;
using ThinDeployer.Configuration;
using ThinDeployer.Rules;

namespace ThinDeployer.Tests.Rules;

/// <summary>Every service of docs/rules.md and docs/senders.md, with the requests that stand below it.</summary>
public sealed partial class RulesDocumentTests
{
    private static readonly string Document = string.Concat(
        new[] { "rules.md", "senders.md" }.Select(name =>
            File.ReadAllText(
                Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "..", "..", "..", "docs", name))
            )
        )
    );

    /// <summary>Each example's configuration, what is said of a request, and the request.</summary>
    public static TheoryData<string, string, string> Requests
    {
        get
        {
            var data = new TheoryData<string, string, string>();
            var yaml = "";
            foreach (Match block in Blocks.Matches(Document))
            {
                if (block.Groups["yaml"].Success)
                {
                    yaml = block.Groups["yaml"].Value;
                }
                else
                {
                    data.Add(yaml, block.Groups["said"].Value, block.Groups["http"].Value);
                }
            }

            return data;
        }
    }

    public static TheoryData<string> Configurations =>
        [
            .. Blocks
                .Matches(Document)
                .Select(block => block.Groups["yaml"])
                .Where(yaml => yaml.Success)
                .Select(yaml => yaml.Value),
        ];

    [Fact]
    public void All_of_them_are_found()
    {
        Assert.Equal(14, Configurations.Count);
        Assert.Equal(24, Requests.Count);
    }

    [Theory]
    [MemberData(nameof(Configurations))]
    public void An_example_is_read_without_a_warning(string yaml)
    {
        using var folder = new TemporaryFolder();
        foreach (Match secret in SecretFiles.Matches(yaml))
        {
            _ = folder.Write(secret.Groups["name"].Value, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n"u8.ToArray());
        }

        var file = folder.Write(
            "f.yml",
            System.Text.Encoding.UTF8.GetBytes(yaml.Replace("/srv/shop", ".", StringComparison.Ordinal))
        );

        var snapshot = ConfigurationReader.Read(file, _ => null, folder.FullName);

        Assert.DoesNotContain(
            snapshot.Problems,
            problem => !problem.Message.Contains("every user", StringComparison.Ordinal)
        );
        Assert.Equal(
            yaml.Contains("  when:", StringComparison.Ordinal),
            snapshot.Services["shop"].Rules.When is not null
        );
    }

    [Theory]
    [MemberData(nameof(Requests))]
    public void A_request_is_decided_as_it_says(string yaml, string said, string http)
    {
        var section = Section(yaml);
        var request = Request(http);

        var verdict = section.Decide(request).Verdict;

        if (said.StartsWith("Deploys", StringComparison.Ordinal))
        {
            Assert.Equal(new Verdict.Matches(), verdict);
            var given = Assert.IsType<VariableValues.Given>(section.Variables!.From(request));
            Assert.Equal(
                Assignments.Matches(said).Select(pair => $"{pair.Groups["name"]}={pair.Groups["value"]}"),
                given.Values.Select(pair => $"{pair.Key}={pair.Value}")
            );
        }
        else
        {
            Assert.Equal(new Verdict.DoesNotMatch(said[(said.IndexOf('`') + 1)..said.LastIndexOf('`')]), verdict);
        }
    }

    /// <summary>The keys of the one service, as if it were the file.</summary>
    private static RulesSection Section(string yaml)
    {
        var lines = yaml.Split('\n').Skip(1).Select(line => line.Length > 2 ? line[2..] : "");
        var keys = lines
            .Aggregate(
                (Kept: new List<string>(), IsKept: false),
                (state, line) =>
                {
                    var isKept = line.StartsWith(' ')
                        ? state.IsKept
                        : line.StartsWith("when:", StringComparison.Ordinal)
                            || line.StartsWith("variables:", StringComparison.Ordinal);
                    if (isKept)
                    {
                        state.Kept.Add(line);
                    }

                    return (state.Kept, isKept);
                }
            )
            .Kept;
        return RuleSample.Section(string.Join('\n', keys));
    }

    private static RuleRequest Request(string http)
    {
        var parts = http.Split("\n\n", 2);
        var headers = parts[0]
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(": ", 2))
            .Select(pair => (pair[0], pair[1]));
        var body = parts.Length > 1 ? parts[1] : "";
        const string field = "payload=";
        return RuleSample.Request(
            System.Text.Encoding.UTF8.GetBytes(body),
            address: null,
            [],
            body.StartsWith(field, StringComparison.Ordinal) ? [("payload", body[field.Length..])] : [],
            [.. headers]
        );
    }

    [GeneratedRegex(
        "```yaml\n(?<yaml>shop:.*?)```|^(?<said>(Deploys|Does nothing)[^\n]*):\n\n```http\n(?<http>.*?)```",
        RegexOptions.Singleline | RegexOptions.Multiline | RegexOptions.ExplicitCapture,
        1_000
    )]
    private static partial Regex Blocks { get; }

    [GeneratedRegex(@"_file: (?<name>[\w.]+)", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex SecretFiles { get; }

    [GeneratedRegex("`(?<name>[a-z]+)` = `(?<value>[^`]+)`", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Assignments { get; }
}
