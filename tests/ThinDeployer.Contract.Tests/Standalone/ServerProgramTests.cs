namespace ThinDeployer.Contract.Tests.Standalone;

/// <summary>Which program these tests start: a wrong one would let them pass for another.</summary>
public sealed class ServerProgramTests
{
    [Xunit.Theory]
    [InlineData(null)]
    [InlineData("")]
    public void It_is_the_one_that_was_built_beside_these_tests(string? named)
    {
        Assert.Equal(Path.Combine(AppContext.BaseDirectory, "thin-deployer"), ServerProgram.Find(named));
    }

    [Xunit.Fact]
    public void It_is_another_where_one_is_named()
    {
        Assert.Equal("/bin/sh", ServerProgram.Find("/bin/sh"));
    }

    [Xunit.Theory]
    [InlineData("/nowhere/thin-deployer")]
    [InlineData("thin-deployer")]
    [InlineData("/bin")]
    public void Where_the_named_one_is_no_file_no_test_passes(string named)
    {
        var refusal = Assert.Throws<InvalidOperationException>(() => ServerProgram.Find(named));

        Assert.Contains(ServerProgram.Variable, refusal.Message, StringComparison.Ordinal);
        Assert.Contains(named, refusal.Message, StringComparison.Ordinal);
    }

    [Xunit.Fact]
    public void A_server_is_started_from_it()
    {
        Assert.Equal(ServerProgram.Path, new StandaloneServer().Path);
        Assert.Equal(ServerProgram.Path, new BareServer().Path);
    }
}
