using System.Text.RegularExpressions;

namespace ThinDeployer.Functions.Tests.Shipping;

/// <summary>An editor shows the app; what builds, restores or tests at the root passes it by.</summary>
public sealed partial class SolutionTests
{
    private static readonly string Solution = RepositoryFile.Text("ThinDeployer.sln");

    [Theory]
    [InlineData("src\\ThinDeployer.Functions\\ThinDeployer.Functions.csproj", false)]
    [InlineData("src\\ThinDeployer\\ThinDeployer.csproj", true)]
    [InlineData("src\\ThinDeployer.Server\\ThinDeployer.Server.csproj", true)]
    [InlineData("tests\\ThinDeployer.Functions.Tests\\ThinDeployer.Functions.Tests.csproj", true)]
    public void It_lists_a_project_and_says_whether_it_is_built(string project, bool isBuilt)
    {
        var id = Projects.Matches(Solution).Single(match => match.Groups["path"].Value == project).Groups["id"].Value;

        Assert.Contains($"{{{id}}}.Debug|Any CPU.ActiveCfg", Solution, StringComparison.Ordinal);
        Assert.Equal(isBuilt, Regex.IsMatch(Solution, $@"\{{{id}}}\.[^.]*\.Build\.0", RegexOptions.None, Limit));
    }

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);

    [GeneratedRegex(
        """^Project\(.*\) = ".*", "(?<path>.*)", "\{(?<id>.*)\}"\r?$""",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture,
        1_000
    )]
    private static partial Regex Projects { get; }
}
