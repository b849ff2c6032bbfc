using ThinDeployer.Shell;

namespace ThinDeployer.Tests.Shell;

/// <summary>Which placeholders are missed when they have no value: what belongs to a format is not.</summary>
public sealed class UnfilledTests
{
    [Theory]
    [InlineData("./deploy.sh --tag %tag%", "tag")]
    [InlineData("docker run app:%tag%", "tag")]
    [InlineData("cp a-%v%-linux.tgz b/%v%/", "v v")]
    [InlineData("tar xf app-%tag%-a.tgz -C /etc/%name%.d", "tag name")]
    [InlineData("echo %a%%b%", "a b")]
    [InlineData("echo \"%v%\"; echo '%v%'", "v v")]
    [InlineData("ssh h \"rm %path%.old\"", "path")]
    [InlineData("cat <<E\n%tag%\nE", "tag")]
    [InlineData("psql -c \"… like '%foo%'\"", "foo")]
    [InlineData("echo nothing # %tag%", "")]
    [InlineData("echo %token%", "")]
    [InlineData("date +%Y%m%d", "")]
    [InlineData("date +%Y-%m-%d", "")]
    [InlineData("date +%Y-%m-%dT%H:%M:%SZ", "")]
    [InlineData("date '+%F_%T' -d @0", "")]
    [InlineData("date +%-d.%-m.%Y", "")]
    [InlineData("date +%d.%m.%y-%H%M", "")]
    [InlineData("date +%s%N", "")]
    [InlineData("tar czf backup-$(date +%Y%m%d_%H%M%S).tgz .", "")]
    [InlineData("printf '%s%s\\n' a b", "")]
    [InlineData("printf '%d%%\\n' 5", "")]
    [InlineData("printf '%-10s%5.2f\\n' a 1", "")]
    [InlineData("stat -c %a%n file", "")]
    [InlineData("find . -printf '%p%s'", "")]
    [InlineData("git log --format=%h%n%an%x09%ad", "")]
    [InlineData("git log -1 --pretty='%H%d'", "")]
    [InlineData("curl 'http://h/?q=a%20b%2Fc%C3%A4%E2%82%AC'", "")]
    [InlineData("ps -o %cpu,%mem", "")]
    [InlineData("echo 100% sure, 50% done", "")]
    public void Only_what_is_meant_for_a_value_is_missed(string command, string names)
    {
        var unfilled = CommandTemplate.Parse(command).Unfilled(_ => false);

        Assert.Equal(names, string.Join(' ', unfilled.Select(placeholder => placeholder.Name)));
    }

    [Theory]
    [InlineData("echo %tag% %name%", "tag", "name")]
    [InlineData("echo %tag%x%", "tag", "")]
    [InlineData("cat <<E\n%tag%\nE\n", "tag", "tag")]
    [InlineData("date +%Y%m%d", "Y m", "")]
    public void What_has_a_value_and_a_safe_place_is_filled(string command, string values, string names)
    {
        var unfilled = CommandTemplate.Parse(command).Unfilled(values.Split(' ').Contains);

        Assert.Equal(names, string.Join(' ', unfilled.Select(placeholder => placeholder.Name)));
    }
}
