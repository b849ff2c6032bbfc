using CsCheck;
using ThinDeployer.Shell;

namespace ThinDeployer.Tests.Shell;

public sealed class SecondLevelTests
{
    private static readonly string[] Fragments =
    [
        .. "% %v% sh -c ssh xargs eval sed -e n= -o a ' \" \\ ` $ $( $(( )) ( ) { } ${ ; ;; & && | || < > <<< << <<- >&- 2>&1 # \n".Split(
            ' '
        ),
        .. new[] { " ", "\n", "\t", "\\\n", "[[ n ]]", "let n", "case $n in", "🐢", "\0" },
    ];

    [Theory]
    [InlineData("sh -c \"rm %v%\"", "sh -c")]
    [InlineData("bash -ec 'rm %v%'", "bash -c")]
    [InlineData("/bin/bash -o pipefail -c \"rm %v%\"", "bash -c")]
    [InlineData("sudo -u deploy timeout 5 sh -c \"rm %v%\"", "sh -c")]
    [InlineData("docker compose exec app sh -c \"rm %v%\"", "sh -c")]
    [InlineData("find . -exec sh -c \"rm %v%\" \\;", "sh -c")]
    [InlineData("printf '%s\\0' a | xargs -0 sh -c \"rm %v%\"", "sh -c")]
    [InlineData("cd /srv && sh -c \"rm %v%\"", "sh -c")]
    [InlineData("if true; then sh -c \"rm %v%\"; fi", "sh -c")]
    [InlineData("A=b sh -c \"rm %v%\" > log 2>&1", "sh -c")]
    [InlineData("echo \"$(sh -c \"rm %v%\")\"", "sh -c")]
    [InlineData("su deploy -c \"rm %v%\"", "su -c")]
    [InlineData("eval rm %v%", "eval")]
    [InlineData("eval \"rm %v%\"", "eval")]
    [InlineData("parallel echo %v% ::: a", "parallel")]
    [InlineData("FOO=1 ssh host %v%", "ssh")]
    [InlineData("trap \"rm %v%\" EXIT", "trap")]
    [InlineData("ssh host \"rm %v%\"", "ssh")]
    [InlineData("ssh host rm %v%", "ssh")]
    [InlineData("ssh -p 22 -oBatchMode=yes -i key host rm %v%", "ssh")]
    [InlineData("echo %v% | xargs rm", "xargs")]
    [InlineData("echo \"rm %v%\" | sh", "| sh")]
    [InlineData("echo \"rm %v%\" | sort | sudo bash -s", "| bash")]
    [InlineData("bash <<< \"rm %v%\"", "| bash")]
    [InlineData("echo \"rm %v%\" | ssh host 'bash -s'", "ssh")]
    [InlineData("test -v %v%", "bash")]
    [InlineData("[ -v %v% ]", "bash")]
    [InlineData("printf -v %v% x", "bash")]
    [InlineData("n=%v%; echo $((n + 1))", "bash's arithmetic")]
    [InlineData("n=%v%\nif [[ $n -eq 1 ]]; then ls; fi", "bash's arithmetic")]
    [InlineData("python3.12 -c \"print('%v%')\"", "python")]
    [InlineData("psql --command=\"delete from %v%\"", "psql")]
    [InlineData("sed -i \"s/VERSION/%v%/\" file", "sed")]
    [InlineData("sed -n -e \"s/VERSION/%v%/p\" file", "sed")]
    [InlineData("awk \"{print %v%}\" file", "awk")]
    public void A_value_that_is_read_as_code_again_is_found_with_its_reader(string command, string reader)
    {
        var use = Assert.Single(Find(command));

        Assert.Equal(reader, use.Reader);
        Assert.DoesNotContain(CodeReaders.AnyPlaceholder, use.Cure, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sh -c 'rm \"$1\"' sh %v%")]
    [InlineData("sh deploy.sh -c %v%")]
    [InlineData("sh deploy.sh %v%")]
    [InlineData("ls | xargs -I{} echo %v%")]
    [InlineData("sudo %v%")]
    [InlineData("%v%")]
    [InlineData("ssh host true; echo %v%")]
    [InlineData("ssh %v%")]
    [InlineData("ssh -p %v% host uptime")]
    [InlineData("printf '%s\\n' %v% | ssh host 'read -r value; rm \"$value\"'")]
    [InlineData("printf '%s\\0' %v% | xargs -0 rm")]
    [InlineData("printf '%s\\n' %v% | sh deploy.sh")]
    [InlineData("echo %v% || sh -c ls")]
    [InlineData("echo %v%; sh -c ls")]
    [InlineData("echo sh -c %v%")]
    [InlineData("echo 'sh -c' %v%")]
    [InlineData("git checkout %v% # sh -c \"%v%\"")]
    [InlineData("n=%v%; case $n in ''|*[!0-9]*) exit 1 ;; esac; echo $((n + 1))")]
    [InlineData("n=%v%; echo $((m + 1))")]
    [InlineData("awk -v name=%v% '{print name}' file")]
    [InlineData("jq --arg name %v% '.name = $name' file")]
    [InlineData("sed -f script %v%")]
    [InlineData("test -n %v%")]
    [InlineData("eval \"`cat %v%`\"")]
    [InlineData("sh -c ls %v%")]
    public void A_value_that_stays_data_is_not(string command)
    {
        Assert.Empty(Find(command));
    }

    [Fact]
    public void The_cure_names_the_placeholder()
    {
        var use = Assert.Single(Find("sh -c \"rm %path%\""));

        Assert.Equal("hand it over as an argument: sh -c '… \"$1\" …' sh %path%", use.Cure);
    }

    [Fact]
    public void Each_place_is_found_for_itself()
    {
        var uses = Find("echo %a%; ssh host \"%a% %b%\"; echo %b%");

        Assert.Equal([("a", 20), ("b", 24)], uses.Select(use => (use.Placeholder.Name, use.Placeholder.Index)));
    }

    [Fact]
    public void No_command_makes_the_search_throw() =>
        Gen.OneOf(Fragments)
            .Array[0, 40]
            .Select(string.Concat)
            .Sample(
                command =>
                    Find(command)
                        .All(use =>
                            command[use.Placeholder.Index..]
                                .StartsWith($"%{use.Placeholder.Name}%", StringComparison.Ordinal)
                        ),
                iter: Math.Max(Check.Iter, 2_000)
            );

    private static IReadOnlyList<SecondLevelUse> Find(string command) =>
        SecondLevel.Find(CommandTemplate.Parse(command));
}
