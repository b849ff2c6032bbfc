using ThinDeployer.Shell;

namespace ThinDeployer.Tests.Shell;

public class CommandTemplateTests
{
    private const string V = "\"${THIN_DEPLOYER_V1}\"";

    [Theory]
    [InlineData("ls %v%", "ls @")]
    [InlineData("%v%", "@")]
    [InlineData("a%v%b", "a@b")]
    [InlineData("%v%%v%", "@@")]
    [InlineData("--x=%v%", "--x=@")]
    [InlineData("x=%v% ls", "x=@ ls")]
    [InlineData("~%v%", "~@")]
    [InlineData("{a,%v%}", "{a,@}")]
    [InlineData("ls %v%*.txt [%v%]", "ls @*.txt [@]")]
    [InlineData("cat <%v% >>%v% 2>&1", "cat <@ >>@ 2>&1")]
    [InlineData("cat <<<%v%", "cat <<<@")]
    [InlineData("$HOME%v%", "$HOME@")]
    [InlineData("echo $#%v%", "echo $#@")]
    [InlineData("echo 'a %v% b'", "echo 'a '@' b'")]
    [InlineData("echo '\\%v%'", "echo '\\'@''")]
    [InlineData("echo 'a\\' %v%", "echo 'a\\' @")]
    [InlineData("echo \"a %v% b\"", "echo \"a \"@\" b\"")]
    [InlineData("echo \"$%v%\"", "echo \"$\"@\"\"")]
    [InlineData("echo \"it's %v%\"", "echo \"it's \"@\"\"")]
    [InlineData("echo $\"a %v%\"", "echo $\"a \"@\"\"")]
    [InlineData("echo \"$(ls %v%)\"", "echo \"$(ls @)\"")]
    [InlineData("echo $(ls %v%) ( \n", "echo $(ls @) ( \n")]
    [InlineData("(ls %v%)", "(ls @)")]
    [InlineData("diff <(ls %v%) >(cat)", "diff <(ls @) >(cat)")]
    [InlineData("echo '#' a#%v% $(:)#%v%", "echo '#' a#@ $(:)#@")]
    [InlineData("for %v% in a; do :; done", "for @ in a; do :; done")]
    [InlineData("f() { ls %v%; }", "f() { ls @; }")]
    [InlineData("if a; then ls %v%; fi", "if a; then ls @; fi")]
    [InlineData("case %v% in %v%) ls %v%;; esac", "case @ in @) ls @;; esac")]
    [InlineData("$(case a in a) ls %v%;; (b|c) :; esac) %v%", "$(case a in a) ls @;; (b|c) :; esac) @")]
    [InlineData("time ls %v%", "time ls @")]
    [InlineData("((i++)); ls %v%", "((i++)); ls @")]
    [InlineData("echo ${x#y} $((1 + (2))) `date` $'a' %v%", "echo ${x#y} $((1 + (2))) `date` $'a' @")]
    [InlineData("echo \"${x:-$(echo \"}\")}\" %v%", "echo \"${x:-$(echo \"}\")}\" @")]
    [InlineData("cat <<E && ls %v%\nit's\nE\nls %v%", "cat <<E && ls @\nit's\nE\nls @")]
    [InlineData("cat <<-'E'\n`\n\tE\nls %v%", "cat <<-'E'\n`\n\tE\nls @")]
    [InlineData("x=$(cat <<E\na\nE\n) ls %v%", "x=$(cat <<E\na\nE\n) ls @")]
    [InlineData("[[ a ]] && ls %v%", "[[ a ]] && ls @")]
    [InlineData("ls file[0-9].txt %v%", "ls file[0-9].txt @")]
    [InlineData("ls a\\\n%v%", "ls a\\\n@")]
    public void A_value_is_referred_to_in_quotes_of_its_own(string command, string script) =>
        Assert.Equal(script.Replace("@", V), Render(command));

    [Theory]
    [InlineData("\\%v%", "@")]
    [InlineData("a\\%v%", "a@")]
    [InlineData("\\\\%v%", "\\\\@")]
    [InlineData("\\\\\\%v%", "\\\\@")]
    [InlineData("\"\\%v%\"", "\"\\\\\"@\"\"")]
    [InlineData("\"\\\\%v%\"", "\"\\\\\"@\"\"")]
    [InlineData("$%v%", "\\$@")]
    [InlineData("$$%v%", "$$@")]
    [InlineData("\\$%v%", "\\$@")]
    [InlineData("$\\%v%", "\\$@")]
    [InlineData("$\\\n%v%", "\\$@")]
    [InlineData("$\\\n\\\n\\%v%", "\\$@")]
    [InlineData("\"$\\\n%v%\"", "\"$\\\n\"@\"\"")]
    public void A_neighbour_does_not_join_with_the_opening_quote(string command, string script) =>
        Assert.Equal(script.Replace("@", V), Render(command));

    [Theory]
    [InlineData("date +%Y%m%d")]
    [InlineData("`date +%Y%m%d`")]
    [InlineData("echo %% 100% %no value% %")]
    [InlineData("curl %token%")]
    [InlineData("ls %missing%")]
    public void What_has_no_value_stays_as_written(string command)
    {
        var rendered = CommandTemplate.Parse(command).Render(name => name is "v" or "token" ? Value("x") : null);

        Assert.Equal(command, rendered.Script);
        Assert.Empty(rendered.Variables);
    }

    [Fact]
    public void The_longest_name_is_64_characters()
    {
        var longest = new string('n', 64);

        Assert.Single(CommandTemplate.Parse($"%{longest}%").Placeholders);
        Assert.Empty(CommandTemplate.Parse($"%{longest}n%").Placeholders);
    }

    [Theory]
    [InlineData("%a%b%", "ab", "@b%")]
    [InlineData("%a%b%", "b", "%a@")]
    [InlineData("%a%%b%", "b", "%a%@")]
    [InlineData("%%a%%", "a", "%@%")]
    [InlineData("\\%a%b%", "b", "\\%a@")]
    [InlineData("$%a%b%", "b", "$%a@")]
    [InlineData("%token%b%", "b", "%token@")]
    public void Placeholders_that_share_a_percent_sign_are_taken_from_left_to_right(
        string command,
        string withValue,
        string script
    )
    {
        var rendered = CommandTemplate
            .Parse(command)
            .Render(name => name.Length == 1 && withValue.Contains(name) ? Value("x") : null);

        Assert.Equal(script.Replace("@", V), rendered.Script);
    }

    [Fact]
    public void All_candidates_outside_comments_are_listed_in_order()
    {
        var placeholders = CommandTemplate.Parse("%a%b% '%c%' # %d%\n`%e%`").Placeholders;

        Assert.Equal(
            [
                new Placeholder("a", 0, null),
                new Placeholder("b", 2, null),
                new Placeholder("c", 7, null),
                new Placeholder("e", 19, "inside backticks"),
            ],
            placeholders
        );
    }

    [Fact]
    public void A_value_is_never_read_again()
    {
        var values = new Dictionary<string, string> { ["dir"] = "%b%", ["b"] = "$(id)" };

        var rendered = CommandTemplate.Parse("ls %dir% %b% %dir%").Render(name => Value(values[name]));

        Assert.Equal("ls \"${THIN_DEPLOYER_V1}\" \"${THIN_DEPLOYER_V2}\" \"${THIN_DEPLOYER_V1}\"", rendered.Script);
        Assert.Equal([new("THIN_DEPLOYER_V1", "%b%"), new("THIN_DEPLOYER_V2", "$(id)")], rendered.Variables);
    }

    [Theory]
    [InlineData("ls %v%", "ls ")]
    [InlineData("%v% ls", " ls")]
    [InlineData("%v%%v%", "")]
    [InlineData("a;%v%;b", "a; ;b")]
    [InlineData("ls /%v%", "ls /@")]
    [InlineData("%v%#x", "@#x")]
    [InlineData("case%v% x", "case@ x")]
    [InlineData("ls '%v%' \"%v%\"", "ls ''@'' \"\"@\"\"")]
    [InlineData("ls >%v% x", "ls >@ x")]
    [InlineData("case %v% in x) ;; esac", "case @ in x) ;; esac")]
    [InlineData("ls %v%\\\n", "ls @\\\n")]
    public void An_empty_default_is_no_word_where_that_changes_nothing_else(string command, string script)
    {
        var rendered = CommandTemplate.Parse(command).Render(_ => new PlaceholderValue("", IsDefault: true));

        Assert.Equal(script.Replace("@", V), rendered.Script);
        Assert.Equal(script.Contains('@') ? 1 : 0, rendered.Variables.Count);
    }

    [Theory]
    [InlineData("ls %v%")]
    [InlineData("ls %v%%w%")]
    public void An_empty_value_is_an_empty_word(string command)
    {
        var rendered = CommandTemplate.Parse(command).Render(name => new PlaceholderValue("", IsDefault: name == "w"));

        Assert.StartsWith("ls \"", rendered.Script, StringComparison.Ordinal);
    }

    private static string Render(string command)
    {
        var rendered = CommandTemplate.Parse(command).Render(_ => Value("$(id)"));

        Assert.Equal([new("THIN_DEPLOYER_V1", "$(id)")], rendered.Variables);
        return rendered.Script;
    }

    private static PlaceholderValue Value(string text) => new(text, IsDefault: false);
}
