using ThinDeployer.Steps;

namespace ThinDeployer.Tests.Deployments;

public sealed class UserSwitchTests
{
    private static readonly UserAccount Daemon = new("daemon", UserId: 1, GroupId: 1, "/", "/bin/sh");

    /// <summary>Those that ld.so(8) and the C library read: a file of the user's must not get into a program of root's.</summary>
    [Theory]
    [InlineData("LD_PRELOAD")]
    [InlineData("LD_AUDIT")]
    [InlineData("GCONV_PATH")]
    [InlineData("GLIBC_TUNABLES")]
    [InlineData("LOCPATH")]
    [InlineData("MALLOC_TRACE")]
    [InlineData("NLSPATH")]
    public void What_loads_files_reaches_the_users_shell_by_its_arguments_only(string name)
    {
        var environment = new Dictionary<string, string?> { [name] = "/tmp/evil", ["PLAIN"] = "stays" };

        var line = new UserSwitch(Daemon, "/").Line("/bin/sh", "true", environment);

        Assert.Null(environment.GetValueOrDefault(name));
        Assert.Equal("stays", environment["PLAIN"]);
        Assert.Equal($"{name}=/tmp/evil", line[^1]);
    }
}
