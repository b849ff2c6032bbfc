using System.Text;
using System.Text.RegularExpressions;
using ThinDeployer.Configuration;

namespace ThinDeployer.Tests.Diagnosis;

/// <summary>The examples, and each block of the documents that has all that a service needs: for the readers and for editors.</summary>
public sealed partial class DocumentedConfigurationTests
{
    private const int Count = 44;

    public static TheoryData<string> Configurations =>
        [
            .. Directory
                .EnumerateFiles(
                    Path.Combine(ConfigurationSchemaTests.Repository, "examples"),
                    "deployer.yml",
                    SearchOption.AllDirectories
                )
                .Select(File.ReadAllText),
            .. Directory
                .EnumerateFiles(
                    Path.Combine(ConfigurationSchemaTests.Repository, "docs"),
                    "*.md",
                    SearchOption.AllDirectories
                )
                .Append(Path.Combine(ConfigurationSchemaTests.Repository, "README.md"))
                .SelectMany(file => Blocks.Matches(File.ReadAllText(file)))
                .Select(block => block.Groups["text"].Value)
                .Where(text => Needed.All(key => key.IsMatch(text))),
        ];

    [Fact]
    public void All_of_them_are_found() => Assert.Equal(Count, Configurations.Count);

    [Theory]
    [MemberData(nameof(Configurations))]
    public async Task It_is_read_without_a_warning_and_the_schema_takes_it(string yaml)
    {
        using var folder = new TemporaryFolder();
        foreach (Match secret in SecretFiles.Matches(yaml))
        {
            _ = folder.Write(
                Path.GetFileName(secret.Groups["path"].Value),
                "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n"u8.ToArray()
            );
        }

        Directory.CreateDirectory(folder.At("services"));
        _ = folder.Write(
            "services/more.yml",
            "more: {token: a-token-of-these-tests, pwd: ., commands: [ls]}"u8.ToArray()
        );
        var here = Folders.Replace(
            SecretFiles.Replace(yaml, match => $"file: {Path.GetFileName(match.Groups["path"].Value)}"),
            "pwd: ."
        );
        var file = folder.Write("deployer.yml", Encoding.UTF8.GetBytes(here));

        var snapshot = ConfigurationReader.Read(file, _ => null, folder.FullName);

        Assert.NotEmpty(snapshot.Services);
        Assert.DoesNotContain(
            snapshot.Problems,
            problem => !problem.Message.Contains("every user", StringComparison.Ordinal)
        );
        Assert.Empty(await ConfigurationSchemaTests.ErrorsAsync(yaml));
    }

    private static Regex[] Needed { get; } = [Commands, Folders, Credentials];

    [GeneratedRegex("```yaml\n(?<text>.*?)```", RegexOptions.Singleline | RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Blocks { get; }

    [GeneratedRegex("^ +commands:", RegexOptions.Multiline, 1_000)]
    private static partial Regex Commands { get; }

    [GeneratedRegex(@"\bpwd: [^\s,}]+", RegexOptions.None, 1_000)]
    private static partial Regex Folders { get; }

    [GeneratedRegex("^ +(token|signature|identity)", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Credentials { get; }

    [GeneratedRegex(@"file: (?<path>[\w./-]+)", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex SecretFiles { get; }
}
