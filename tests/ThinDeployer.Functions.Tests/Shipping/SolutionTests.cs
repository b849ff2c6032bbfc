using System.Text.RegularExpressions;

namespace ThinDeployer.Functions.Tests.Shipping;

/// <summary>What builds, restores or tests at the root takes every project.</summary>
public sealed partial class SolutionTests
{
    private static readonly string Solution = RepositoryFile.Text("ThinDeployer.sln");

    [Theory]
    [InlineData("src\\ThinDeployer.Functions\\ThinDeployer.Functions.csproj")]
    [InlineData("src\\ThinDeployer\\ThinDeployer.csproj")]
    [InlineData("src\\ThinDeployer.Server\\ThinDeployer.Server.csproj")]
    [InlineData("tests\\ThinDeployer.Functions.Tests\\ThinDeployer.Functions.Tests.csproj")]
    [InlineData("tests\\ThinDeployer.FunctionsHost\\ThinDeployer.FunctionsHost.csproj")]
    public void It_builds_a_project(string project)
    {
        var id = Projects.Matches(Solution).Single(match => match.Groups["path"].Value == project).Groups["id"].Value;

        Assert.Matches(new Regex($@"\{{{id}}}\.Debug\|Any CPU\.Build\.0", RegexOptions.None, Limit), Solution);
    }

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);

    [GeneratedRegex(
        """^Project\(.*\) = ".*", "(?<path>.*)", "\{(?<id>.*)\}"\r?$""",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture,
        1_000
    )]
    private static partial Regex Projects { get; }
}
