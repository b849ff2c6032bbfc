using System.Diagnostics;
using CsCheck;
using ThinDeployer.Shell;

namespace ThinDeployer.Tests.Shell;

/// <summary>Which commands mean the same without a shell.</summary>
public sealed class PlainWordsTests
{
    private const char Between = '\u001f';

    [Theory]
    [InlineData("git --version", "git", "--version")]
    [InlineData("  ./deploy.sh \t production,eu  a=b\n", "./deploy.sh", "production,eu", "a=b")]
    [InlineData("docker compose -f a.yml up -d", "docker", "compose", "-f", "a.yml", "up", "-d")]
    [InlineData("make", "make")]
    public void Words_are_a_program_and_its_arguments(string command, params string[] words) =>
        Assert.Equal(words, PlainWords.Of(command));

    [Theory]
    [InlineData("")]
    [InlineData(" \n")]
    [InlineData("a; b")]
    [InlineData("a && b")]
    [InlineData("a\nb")]
    [InlineData("a 'b'")]
    [InlineData("a \"b\"")]
    [InlineData("a $HOME")]
    [InlineData("a `b`")]
    [InlineData("a \\b")]
    [InlineData("a *.txt")]
    [InlineData("a ?")]
    [InlineData("a [b]")]
    [InlineData("a {b,c}")]
    [InlineData("a ~")]
    [InlineData("~/a")]
    [InlineData("a > b")]
    [InlineData("a # b")]
    [InlineData("! a")]
    [InlineData("a %version%")]
    [InlineData("A=b make")]
    [InlineData("a^b")]
    [InlineData("a é")]
    [InlineData("a\rb")]
    [InlineData("cd folder")]
    [InlineData("exit 3")]
    [InlineData("if a")]
    [InlineData("[[ a ]]")]
    [InlineData(". ./script")]
    [InlineData(": a")]
    [InlineData("true")]
    [InlineData("wait")]
    public void All_else_takes_a_shell(string command) => Assert.Null(PlainWords.Of(command));

    [Fact]
    public void Every_builtin_of_the_shells_takes_a_shell() =>
        Assert.All(
            Run("/bin/bash", "compgen -b; compgen -k").Split('\n', StringSplitOptions.RemoveEmptyEntries),
            word => Assert.Null(PlainWords.Of($"{word} a"))
        );

    [Fact]
    public void The_shell_splits_them_alike()
    {
        var commands = Gen.String[Gen.Char["ab_./:@,+-=09 \t"], 0, 20].Array[500].Single();

        var lines = commands.Select(arguments => $"set -- x {arguments}\nprintf '%s{Between}' \"$@\"; printf '\\n'\n");
        var printed = Run("/bin/sh", string.Concat(lines)).Split('\n');

        for (var i = 0; i < commands.Length; i++)
        {
            Assert.Equal(
                printed[i].Split(Between, StringSplitOptions.RemoveEmptyEntries),
                PlainWords.Of("x " + commands[i])
            );
        }
    }

    private static string Run(string shell, string script)
    {
        using var process = Process.Start(
            new ProcessStartInfo(shell, ["-c", script]) { RedirectStandardOutput = true, UseShellExecute = false }
        )!;
        var printed = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return printed;
    }
}
