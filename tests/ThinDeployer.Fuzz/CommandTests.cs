using CsCheck;
using ThinDeployer.Shell;

namespace ThinDeployer.Fuzz;

/// <summary>Whatever a command is, no value becomes a part of it.</summary>
public sealed class CommandTests
{
    /// <summary>In no command below.</summary>
    private const char Flag = '\u2620';

    private static readonly Gen<string> Commands = Pick.Of(
            "%a%",
            "%b%",
            "%a%b%",
            "%",
            "%%",
            "%token%",
            "%" + new string('n', 64) + "%",
            "%a.b-c%",
            "'",
            "\"",
            "`",
            "\\",
            "\\\n",
            "\n",
            " ",
            "$",
            "$(",
            "$((",
            "${",
            "${a#",
            "$'",
            "$\"",
            "(",
            "((",
            ")",
            "))",
            "}",
            "{ ",
            "[[ ",
            " ]]",
            "<<E\n",
            "<<'E'\n",
            "<<-E\n",
            "<<",
            "<<<",
            "E\n",
            "\nE\n",
            "#",
            " #",
            "case x in ",
            ";;",
            "esac",
            "if :; then ",
            "fi",
            "for i in ",
            "do ",
            "done",
            "function f ",
            "eval ",
            "sh -c ",
            "ssh host ",
            "let ",
            "test -v ",
            "a[",
            "]=",
            "=",
            "&",
            "|",
            ";",
            ">",
            "\0",
            "\r",
            "\u00e9",
            "\ud83d",
            "coproc ",
            "select x in ",
            "alias "
        )
        .Array[0, 40]
        .Select(string.Concat);

    [Fact]
    public void A_rendered_command_has_no_value_in_it() =>
        Gen.Select(Commands, Hostile.Values, Gen.Bool)
            .Search(
                share: 2,
                sample =>
                {
                    var (command, value, isEmpty) = sample;
                    var template = CommandTemplate.Parse(command);

                    var rendered = template.Render(name =>
                        name == "b" && isEmpty
                            ? new PlaceholderValue("", IsDefault: true)
                            : new PlaceholderValue(value + Flag, IsDefault: false)
                    );

                    Assert.Equal(command, template.Source);
                    Assert.DoesNotContain(Flag, rendered.Script);
                    Assert.All(
                        rendered.Variables,
                        (variable, index) =>
                        {
                            Assert.Equal($"THIN_DEPLOYER_V{index + 1}", variable.Key);
                            Assert.Contains("${" + variable.Key + "}", rendered.Script, StringComparison.Ordinal);
                        }
                    );
                    Assert.Equal(command, template.Render(_ => null).Script);
                }
            );
}
