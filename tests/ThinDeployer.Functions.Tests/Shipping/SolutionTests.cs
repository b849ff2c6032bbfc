namespace ThinDeployer.Functions.Tests.Shipping;

/// <summary>What builds, restores or tests at the root takes every project: tests of one that it lacks would never run.</summary>
public sealed class SolutionTests
{
    [Xunit.Theory]
    [InlineData("src")]
    [InlineData("tests")]
    public void It_has_every_project(string folder)
    {
        var solution = RepositoryFile.Text("ThinDeployer.sln");

        Assert.All(
            RepositoryFile.Projects(folder),
            project => Assert.Contains(project.Replace('/', '\\'), solution, StringComparison.Ordinal)
        );
    }
}
