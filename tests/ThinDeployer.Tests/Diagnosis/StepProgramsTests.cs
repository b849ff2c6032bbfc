using ThinDeployer.Operating.Diagnosis;

namespace ThinDeployer.Tests.Diagnosis;

public sealed class StepProgramsTests
{
    [Theory]
    [InlineData("git pull", "git")]
    [InlineData("git pull && composer install | tee log", "git", "composer", "tee")]
    [InlineData("FOO=1 BAR=\"a b\" ./deploy.sh > log 2>&1", "./deploy.sh")]
    [InlineData("exec ./server", "./server")]
    [InlineData("cd site && ./build.sh && make", "make")]
    [InlineData("cd site && /opt/build", "/opt/build")]
    [InlineData("if test -f x; then make; else cmake .; fi", "make", "cmake")]
    [InlineData("for f in a b; do gzip $f; done", "gzip")]
    [InlineData("case $x in a) make ;; b) gzip x ;; esac", "make", "gzip")]
    [InlineData("build() { make; }; build", "make")]
    [InlineData("cat <<E\nnot a program\nE\nmake", "cat", "make")]
    [InlineData("echo \"$(date +%s)\"", "date")]
    [InlineData("echo \"`date +%s`\"", "date")]
    [InlineData("x=${1:-\"a\"}; make", "make")]
    [InlineData("cat <<E | gzip\n$(date)\nE\nmake", "cat", "gzip", "make")]
    [InlineData("git pull \\\n  --ff-only", "git")]
    [InlineData("\"$(make", "make")]
    [InlineData("command -v yarn && yarn install || npm install", "npm")]
    [InlineData("command make", "make")]
    [InlineData("make # and nothing else", "make")]
    [InlineData("'./my script' x")]
    [InlineData("$RUN x")]
    [InlineData("%v% x")]
    [InlineData("~/bin/x")]
    [InlineData("")]
    public void They_are_found_by_name(string command, params string[] programs)
    {
        Assert.Equal(programs, StepPrograms.Of(command));
    }
}
