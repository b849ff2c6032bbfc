using ThinDeployer.Contract.Tests.Hosting;
using ThinDeployer.Contract.Tests.Standalone;

namespace ThinDeployer.Contract.Tests.Operating;

/// <summary>The schema for editors.</summary>
public sealed class SchemaTests
{
    [Fact]
    public async Task The_program_carries_the_file_of_the_repository()
    {
        using var workspace = new Workspace();

        var run = await ProgramRun.ToEndAsync(new ProgramStart(new BareServer(), workspace) { Arguments = ["schema"] });

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(Document.Read("schema", "deployer.schema.json").TrimEnd('\n').Split('\n'), run.Output.Lines);
    }
}
