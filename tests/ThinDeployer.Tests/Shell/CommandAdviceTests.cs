using ThinDeployer.Shell;

namespace ThinDeployer.Tests.Shell;

/// <summary>What a command is warned of, and what it is not.</summary>
public sealed class CommandAdviceTests
{
    [Theory]
    [InlineData("cd /srv/site", "\"cd\" has no effect on the other commands")]
    [InlineData("cd \"$(dirname \"$X\")\"", "\"cd\" has no effect on the other commands")]
    [InlineData("cd build; export A=b", "set \"pwd\"")]
    [InlineData("export A=b", "set \"environment\"")]
    [InlineData("A=b", "a variable that is set so has no effect")]
    [InlineData(". venv/bin/activate", "\".\" has no effect")]
    [InlineData(". ~/.nvm/nvm.sh", "\".\" has no effect")]
    [InlineData("set -e", "a command that fails ends the deployment anyway")]
    [InlineData("#!/bin/bash\nls", "is only a comment here")]
    [InlineData("#!/bin/sh -e\nls", "is only a comment here")]
    [InlineData("source .env && make", "write \". ./…\" for it")]
    [InlineData("if true; then source .env; make; fi", "write \". ./…\" for it")]
    [InlineData("git pull\nmake", "a line that fails does not stop")]
    [InlineData("git pull \\\n --ff-only\nmake", "a line that fails does not stop")]
    [InlineData("cd x && make\nrestart", "a line that fails does not stop")]
    [InlineData("A=1 make | tee log\nrestart", "a line that fails does not stop")]
    [InlineData("echo start\ngit pull\nif [ -f x ]; then\n  make\nfi\n", "a line that fails does not stop")]
    public void It_is_warned_of(string command, string told)
    {
        var advice = CommandAdvice.Of(command, "/usr/bin/dash");

        Assert.Contains(told, Assert.Single(advice), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cd x && make")]
    [InlineData("make; cd x")]
    [InlineData("export A=b; make")]
    [InlineData("A=b make")]
    [InlineData("A=$(make)")]
    [InlineData(". ./deploy.sh")]
    [InlineData("bash -c 'source .env; make'")]
    [InlineData("ssh host source .env")]
    [InlineData("source() { :; }; source x")]
    [InlineData("f((")]
    [InlineData("case $x in (a|b) ;; *) make; esac; cd x")]
    [InlineData("#!/bin/sh\nmake")]
    [InlineData("# a comment\nmake")]
    [InlineData("make\n")]
    [InlineData("make\n# done\n\n")]
    [InlineData("set -e\ngit pull\nmake")]
    [InlineData("set -euo pipefail\ngit pull\nmake")]
    [InlineData("set -o errexit\ngit pull\nmake")]
    [InlineData("git pull &&\nmake")]
    [InlineData("git pull ||\nexit 1")]
    [InlineData("git pull | \ntee log")]
    [InlineData("git pull \\\n  --ff-only")]
    [InlineData("git pull || exit 1\nmake")]
    [InlineData("[ -f x ] && make\nmake")]
    [InlineData("make &\nmake")]
    [InlineData("echo start\nmake")]
    [InlineData("if true; then\n  git pull\n  make\nfi")]
    [InlineData("for x in a b; do\n  make $x\n  ls\ndone\nls")]
    [InlineData("if true; then\n  git pull\nfi\necho done\nls")]
    [InlineData("f() {\n  make\n}\n\necho start\nf")]
    [InlineData("while read x; do\n  make\ndone <f")]
    [InlineData("case $x in\n  a) make\n  ls ;;\nesac")]
    [InlineData("f() {\n  make\n  ls\n}\nf")]
    [InlineData("{\n  make\n  ls\n}")]
    [InlineData("(\n  make\n  ls\n)")]
    [InlineData("cat >f <<E\nmake\nls\nE\n")]
    [InlineData("sh -c '\nmake\nls'")]
    [InlineData("ssh host \"\nmake\nls\"")]
    [InlineData("value=%v%\nmake \"$value\"")]
    public void It_is_not(string command) => Assert.Empty(CommandAdvice.Of(command, "/usr/bin/dash"));

    [Fact]
    public void A_shell_that_has_it_is_not_warned_of() =>
        Assert.Empty(CommandAdvice.Of("source .env && make", "/bin/bash"));
}
