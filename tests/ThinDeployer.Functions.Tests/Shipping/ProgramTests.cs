namespace ThinDeployer.Functions.Tests.Shipping;

/// <summary>The lines that start the real worker: these tests start a stand-in instead, so there must be few.</summary>
public sealed class ProgramTests
{
    [Fact]
    public void It_makes_the_worker_adds_the_core_and_runs()
    {
        var statements = RepositoryFile
            .Text("src/ThinDeployer.Functions/Program.cs")
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(line =>
                !line.StartsWith("using ", StringComparison.Ordinal) && !line.StartsWith("//", StringComparison.Ordinal)
            );

        Assert.Equal(
            [
                "var builder = FunctionsApplication.CreateBuilder(args);",
                "builder.ConfigureFunctionsWebApplication();",
                "builder.Services.AddThinDeployer();",
                "builder.Build().Run();",
            ],
            statements
        );
    }
}
