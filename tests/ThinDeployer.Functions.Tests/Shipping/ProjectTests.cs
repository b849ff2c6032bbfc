using System.Xml.Linq;

namespace ThinDeployer.Functions.Tests.Shipping;

/// <summary>What the project of the app says.</summary>
public sealed class ProjectTests
{
    private static readonly XElement Project = RepositoryFile.Xml(
        "src/ThinDeployer.Functions/ThinDeployer.Functions.csproj"
    );

    private static readonly Dictionary<string, string> CentralVersions = RepositoryFile
        .Xml("Directory.Packages.props")
        .Descendants("PackageVersion")
        .ToDictionary(package => Attribute(package, "Include"), package => Attribute(package, "Version"));

    [Theory]
    [InlineData("AzureFunctionsVersion", "v4")]
    [InlineData("OutputType", "Exe")]
    public void It_is_a_program_for_the_host(string property, string value)
    {
        Assert.Equal(value, Assert.Single(Project.Descendants(property)).Value);
    }

    [Fact]
    public void It_targets_what_all_projects_target()
    {
        Assert.Empty(Project.Descendants("TargetFramework"));
        Assert.Equal(
            "net10.0",
            RepositoryFile.Xml("Directory.Build.props").Descendants("TargetFramework").Single().Value
        );
    }

    [Fact]
    public void Its_packages_are_those_that_were_tried_together()
    {
        var packages = Project
            .Descendants("PackageReference")
            .Select(package => Attribute(package, "Include"))
            .Select(name => $"{name} {CentralVersions[name]}");

        Assert.Equal(
            [
                "Microsoft.Azure.Functions.Worker 2.52.0",
                "Microsoft.Azure.Functions.Worker.Extensions.Http 3.3.0",
                "Microsoft.Azure.Functions.Worker.Extensions.Http.AspNetCore 2.1.1",
                "Microsoft.Azure.Functions.Worker.Sdk 2.1.0",
            ],
            packages.Order(StringComparer.Ordinal)
        );
        Assert.Equal(
            "Analyzer",
            Project
                .Descendants("PackageReference")
                .Single(package => Attribute(package, "Include") == "Microsoft.Azure.Functions.Worker.Sdk")
                .Attribute("OutputItemType")
                ?.Value
        );
    }

    [Fact]
    public void It_uses_the_core_and_the_web_framework()
    {
        Assert.Equal(
            "Microsoft.AspNetCore.App",
            Attribute(Project.Descendants("FrameworkReference").Single(), "Include")
        );
        Assert.Equal(
            "../ThinDeployer/ThinDeployer.csproj",
            Attribute(Project.Descendants("ProjectReference").Single(), "Include")
        );
    }

    [Fact]
    public void The_files_at_the_root_go_with_it_but_local_settings_are_not_published()
    {
        var links = Project
            .Descendants("None")
            .Select(link => link.Attributes().ToDictionary(a => a.Name, a => a.Value));

        Assert.Equal(
            [
                new()
                {
                    ["Include"] = "../../host.json",
                    ["Link"] = "host.json",
                    ["CopyToOutputDirectory"] = "PreserveNewest",
                    ["CopyToPublishDirectory"] = "PreserveNewest",
                },
                new()
                {
                    ["Include"] = "../../local.settings.json",
                    ["Link"] = "local.settings.json",
                    ["CopyToOutputDirectory"] = "PreserveNewest",
                    ["CopyToPublishDirectory"] = "Never",
                    ["Condition"] = "Exists('../../local.settings.json')",
                },
            ],
            links
        );
    }

    [Fact]
    public void It_runs_from_any_folder()
    {
        var target = Assert.Single(
            Project.Elements("Target"),
            target => target.Attribute("AfterTargets")?.Value == "_FunctionsComputeRunArguments"
        );

        Assert.Equal(
            "$([MSBuild]::NormalizeDirectory('$(MSBuildProjectDirectory)', '$(OutDir)'))",
            Assert.Single(target.Descendants("RunWorkingDirectory")).Value
        );
    }

    private static string Attribute(XElement element, string name) => element.Attribute(name)!.Value;
}
