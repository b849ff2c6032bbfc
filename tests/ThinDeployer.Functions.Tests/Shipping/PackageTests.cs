namespace ThinDeployer.Functions.Tests.Shipping;

/// <summary>The packages of the app go together: one that comes alone must be tried with the others first.</summary>
public sealed class PackageTests
{
    [Xunit.Fact]
    public void Their_versions_are_those_that_were_tried_together()
    {
        var versions = RepositoryFile
            .Xml("Directory.Packages.props")
            .Descendants("PackageVersion")
            .Select(package => $"{package.Attribute("Include")?.Value} {package.Attribute("Version")?.Value}")
            .Where(package => package.StartsWith("Microsoft.Azure.Functions.", StringComparison.Ordinal));

        Assert.Equal(
            [
                "Microsoft.Azure.Functions.Worker 2.52.0",
                "Microsoft.Azure.Functions.Worker.Extensions.Http 3.3.0",
                "Microsoft.Azure.Functions.Worker.Extensions.Http.AspNetCore 2.1.1",
                "Microsoft.Azure.Functions.Worker.Sdk 2.1.0",
            ],
            versions.Order(StringComparer.Ordinal)
        );
    }
}
