using ThinDeployer.Shell;

namespace ThinDeployer.Tests.Shell;

public sealed class SecondShellTests
{
    [Theory]
    [InlineData("ssh host \"deploy %v%\"", "ssh")]
    [InlineData("eval \"echo %v%\"", "eval")]
    [InlineData("sh -c \"echo %v%\"", "sh")]
    [InlineData("/bin/bash -lc 'echo %v%'", "bash")]
    [InlineData("cd x && sudo -u www sh -c 'echo %v%'", "sh")]
    [InlineData("FOO=1 ssh host %v%", "ssh")]
    [InlineData("if true; then ssh host %v%; fi", "ssh")]
    [InlineData("echo %v% | xargs rm", null)]
    [InlineData("ls | xargs -I{} echo %v%", null)]
    [InlineData("ls | xargs echo %v%", "xargs")]
    [InlineData("[ -v %v% ]", "[")]
    [InlineData("sh deploy.sh %v%", null)]
    [InlineData("ssh host true; echo %v%", null)]
    [InlineData("git checkout %v%", null)]
    [InlineData("echo 'ssh' %v%", null)]
    [InlineData("%v%", null)]
    [InlineData("sudo %v%", null)]
    public void What_reads_a_value_as_code_again_is_known_by_its_name(string command, string? program)
    {
        var placeholder = CommandTemplate.Parse(command).Placeholders.Single();

        Assert.Equal(program, SecondShell.Of(command, placeholder));
    }
}
