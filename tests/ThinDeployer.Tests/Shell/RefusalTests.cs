using ThinDeployer.Shell;

namespace ThinDeployer.Tests.Shell;

public class RefusalTests
{
    private const string Lost = "after shell text whose quoting can't be followed";

    [Theory]
    [InlineData("`ls %v%`", "inside backticks")]
    [InlineData("\"`ls %v%`\"", "inside backticks")]
    [InlineData("`ls \\%v%`", "inside backticks")]
    [InlineData("cat <<E\n%v%\nE", "inside a here-document")]
    [InlineData("cat <<'E'\n%v%\nE", "inside a here-document")]
    [InlineData("cat <<-E\n\t%v%\n\tE", "inside a here-document")]
    [InlineData("cat <<A <<B\nA\n%v%\nB", "inside a here-document")]
    [InlineData("cat <<E\n%v%", "inside a here-document")]
    [InlineData("echo $((%v% + 1))", "inside arithmetic")]
    [InlineData("echo \"$((%v%))\"", "inside arithmetic")]
    [InlineData("echo $(($(echo '%v%')))", "inside arithmetic")]
    [InlineData("((%v%))", "inside arithmetic")]
    [InlineData("echo ${u#%v%}", "inside ${…}")]
    [InlineData("echo \"${u:-%v%}\"", "inside ${…}")]
    [InlineData("echo ${u:-$(ls %v%)}", "inside ${…}")]
    [InlineData("echo $'a %v%'", "inside $'…'")]
    [InlineData("[[ %v% -eq 1 ]]", "inside [[ … ]], where bash may evaluate it")]
    [InlineData("! [[ \"%v%\" ]]", "inside [[ … ]], where bash may evaluate it")]
    [InlineData("a[%v%]=x", "inside or behind an array subscript, which bash evaluates")]
    [InlineData("a[0]=%v%", "inside or behind an array subscript, which bash evaluates")]
    [InlineData("a\\\n[%v%]=x", "inside or behind an array subscript, which bash evaluates")]
    [InlineData("echo {a[%v%]}>x", "inside or behind an array subscript, which bash evaluates")]
    [InlineData("echo >&%v%", "behind >& or <&, where bash expands a name twice")]
    [InlineData("echo 1>& \"a%v%\"", "behind >& or <&, where bash expands a name twice")]
    [InlineData("echo <&$(echo %v%)", "behind >& or <&, where bash expands a name twice")]
    [InlineData("declare -a x=%v%", "in the arguments of a command by which bash evaluates values")]
    [InlineData("x=1 let '%v%'", "in the arguments of a command by which bash evaluates values")]
    [InlineData("RANDOM=%v%", "in the value of a variable that the shell itself evaluates")]
    [InlineData("SECONDS+=1%v%", "in the value of a variable that the shell itself evaluates")]
    [InlineData("export \"PS4=%v%\"", "in the value of a variable that the shell itself evaluates")]
    [InlineData("P\\\nS4='%v%'", "in the value of a variable that the shell itself evaluates")]
    [InlineData("BASH_ENV=\"%v%\" ls", "in the value of a variable that the shell itself evaluates")]
    [InlineData("for OPTIND in %v%; do :; done", "in the value of a variable that the shell itself evaluates")]
    public void A_place_where_no_quoting_is_safe_is_refused(string command, string refusal)
    {
        var template = CommandTemplate.Parse(command);

        Assert.Equal(refusal, Assert.Single(template.Placeholders).Refusal);
        Assert.Equal(command, template.Render(_ => new PlaceholderValue("x", IsDefault: false)).Script);
    }

    [Theory]
    [InlineData("declare -a x=%v%")]
    [InlineData("let x=%v%")]
    [InlineData("local -a x=%v%")]
    [InlineData("readonly -a x=\"%v%\"")]
    [InlineData("typeset -a x=%v%")]
    [InlineData("command readonly -a x=%v%")]
    [InlineData("command -p -- let %v%")]
    [InlineData("builtin command declare -a x=%v%")]
    [InlineData("command %e% typeset -a x=%v%")]
    [InlineData("\"readonly\" -a x=%v%")]
    [InlineData("$'de'clare -a x=%v%")]
    [InlineData("\\l\"e\"t %v%")]
    [InlineData("export -a x=%v%")]
    [InlineData("command export -xa x=%v%")]
    [InlineData("export -a -a x=%v%")]
    public void What_bash_evaluates_in_the_arguments_of_a_builtin_is_refused(string command) =>
        Assert.Equal(
            "in the arguments of a command by which bash evaluates values",
            CommandTemplate.Parse(command).Placeholders[^1].Refusal
        );

    [Theory]
    [InlineData("export x=%v%")]
    [InlineData("export a=%v%")]
    [InlineData("command export x=%v%")]
    [InlineData("command ls -a let %v%")]
    [InlineData("ls -a x=%v%")]
    [InlineData("declare -a x; ls -a x=%v%")]
    [InlineData("export -a x; export x=%v%")]
    [InlineData("for PS4 in a; do ls %v%; done")]
    public void The_arguments_of_other_commands_are_filled_in(string command) =>
        Assert.Null(Assert.Single(CommandTemplate.Parse(command).Placeholders).Refusal);

    [Theory]
    [InlineData("BASHPID")]
    [InlineData("BASH_ENV")]
    [InlineData("ENV")]
    [InlineData("EPOCHREALTIME")]
    [InlineData("EPOCHSECONDS")]
    [InlineData("EUID")]
    [InlineData("HISTCMD")]
    [InlineData("LINENO")]
    [InlineData("OPTIND")]
    [InlineData("PPID")]
    [InlineData("PROMPT_COMMAND")]
    [InlineData("PS0")]
    [InlineData("PS1")]
    [InlineData("PS2")]
    [InlineData("PS3")]
    [InlineData("PS4")]
    [InlineData("RANDOM")]
    [InlineData("SECONDS")]
    [InlineData("SRANDOM")]
    [InlineData("UID")]
    public void The_value_of_a_variable_that_the_shell_evaluates_is_refused(string name) =>
        Assert.Equal(
            "in the value of a variable that the shell itself evaluates",
            Assert.Single(CommandTemplate.Parse($"{name}=%v%").Placeholders).Refusal
        );

    [Theory]
    [InlineData("echo $((1 ) ) %v%")]
    [InlineData("echo $((a[1])) %v%")]
    [InlineData("echo $((16#f)) %v%")]
    [InlineData("echo $(('1')) %v%")]
    [InlineData("((1 << 2)) %v%")]
    [InlineData("(\\\n(1)) %v%")]
    [InlineData("echo $[1] %v%")]
    [InlineData("echo \"$[1]\" %v%")]
    [InlineData("echo ${u:-'}'} %v%")]
    [InlineData("echo \"${u:-\"a\"}\" %v%")]
    [InlineData("echo ${u:-\\}} %v%")]
    [InlineData("echo ${ ls; } %v%")]
    [InlineData("echo ${u:-\n} %v%")]
    [InlineData("echo $'\\'' %v%")]
    [InlineData("echo `ls # \\`` %v%")]
    [InlineData("cat <<E-F\nE-F\n%v%")]
    [InlineData("cat <<%v%\n")]
    [InlineData("cat <<E\"F\"\nEF\n%v%")]
    [InlineData("cat <<E\n\\\nE\n%v%")]
    [InlineData("cat <<E\n$(\nE\n%v%")]
    [InlineData("cat <<E\n`\nE\n%v%")]
    [InlineData("cat <<E\n${u:-\nE\n%v%")]
    [InlineData("cat <<E 'a\n%v%'")]
    [InlineData("cat <<E $(:\n%v%)")]
    [InlineData("$(cat <<E) %v%")]
    [InlineData("$(cat <<E\nE)\n%v%")]
    [InlineData("$(cat <<E\nit's\nE\n) %v%")]
    [InlineData("$(# it's\n%v%)")]
    [InlineData("echo \u00a0# %v%")]
    [InlineData("echo \r# %v%")]
    [InlineData("echo \u0001 %v%")]
    [InlineData("a=(%v%)")]
    [InlineData("ls @(%v%)")]
    [InlineData("ls (%v%)")]
    [InlineData("if(%v%)")]
    [InlineData("a[ 1 ]=x %v%")]
    [InlineData("a['x']=x %v%")]
    [InlineData("a['x %v%")]
    [InlineData("[[ a =~ (b) ]] %v%")]
    [InlineData("[[ a < b ]] %v%")]
    [InlineData("[[ a # b ]] %v%", false)]
    [InlineData("function f { ls %v%; }")]
    [InlineData("coproc ls %v%")]
    [InlineData("select x in %v%; do :; done")]
    [InlineData("time -p case x in x) %v%;; esac")]
    [InlineData("x=1 case x in x) %v%;; esac")]
    [InlineData(">x case x in x) %v%;; esac")]
    [InlineData("$(echo case) %v%")]
    [InlineData("case x y in x) %v%;; esac")]
    [InlineData("case x in (esac) %v%;; esac")]
    [InlineData(":; ;; %v%")]
    [InlineData("fi %v%")]
    [InlineData("then %v%")]
    [InlineData("if a; do b; fi %v%")]
    [InlineData("while a; then b; done %v%")]
    [InlineData("echo > ; ls %v%")]
    [InlineData("echo >\nls %v%")]
    [InlineData("echo > & ls %v%")]
    [InlineData("echo > | cat %v%")]
    [InlineData("echo > (ls) %v%")]
    [InlineData("echo > > x %v%")]
    [InlineData("(echo >) %v%")]
    [InlineData("$(echo >) %v%")]
    [InlineData("case x in x) echo > ;; esac %v%")]
    [InlineData("( { ) %v%")]
    [InlineData(") %v%")]
    [InlineData("alias q=\"echo '\"\nq %v%'")]
    [InlineData("'a'l\\ias q=x\n%v%")]
    [InlineData("a;\\\n; %v%")]
    [InlineData("$\\\n(%v%)")]
    [InlineData("$(\\\n(%v%))")]
    public void What_shells_may_read_in_two_ways_makes_all_that_follows_refused(string command, bool isLost = true)
    {
        var placeholders = CommandTemplate.Parse(command).Placeholders;

        Assert.Equal(isLost ? [Lost] : [], placeholders.Select(placeholder => placeholder.Refusal));
    }

    [Theory]
    [InlineData("%e% case x in x) %v%;; esac")]
    [InlineData("%e% [[ %v%")]
    [InlineData("%e% f() { %v%")]
    public void A_word_that_may_be_left_out_keeps_the_next_one_from_being_reserved(string command) =>
        Assert.Equal(
            [null, Lost],
            CommandTemplate.Parse(command).Placeholders.Select(placeholder => placeholder.Refusal)
        );

    [Theory]
    [InlineData("$(")]
    [InlineData("\"$(")]
    [InlineData("( ")]
    [InlineData("{ ")]
    [InlineData("${u:-")]
    public void What_is_too_deep_is_refused(string opening)
    {
        var command = string.Concat(Enumerable.Repeat(opening, 200)) + "%v%";

        Assert.Equal(Lost, Assert.Single(CommandTemplate.Parse(command).Placeholders).Refusal);
    }

    [Theory]
    [InlineData("%")]
    [InlineData("%a")]
    [InlineData("%a%")]
    [InlineData("%a%\\\n")]
    [InlineData("'")]
    [InlineData("\"")]
    [InlineData("$(")]
    [InlineData("`")]
    [InlineData("\\")]
    [InlineData("(")]
    [InlineData("((")]
    [InlineData("f (")]
    [InlineData("a[")]
    [InlineData("$'a'")]
    [InlineData("<<A\n")]
    [InlineData("cat <<A <<A <<A\nA\n")]
    [InlineData("${u#")]
    [InlineData("$((1))")]
    [InlineData("# %a%\n")]
    [InlineData("echo =")]
    [InlineData("c\\\na\\\ns\\\ne")]
    [InlineData("\"%a%\"%a%")]
    public void A_text_of_a_mebibyte_is_read_in_no_time(string unit)
    {
        var command = string.Concat(Enumerable.Repeat(unit, (1 << 20) / unit.Length));
        var started = ComputingTime.Now;

        var template = CommandTemplate.Parse(command);
        template.Render(_ => new PlaceholderValue("", IsDefault: true));

        Assert.True(ComputingTime.Now - started < TimeSpan.FromSeconds(5), "It takes more than linear time.");
    }
}
