using System.Globalization;
using System.Text;

namespace ThinDeployer.Tests.Shell;

/// <summary>
/// Commands that a shell often accepts, with placeholders everywhere, and broken in a few places by what may be anything. They do nothing but
/// print.
/// </summary>
internal sealed class RandomCommand
{
    private const int MaxDepth = 4;

    private static readonly string[] Fragments =
    [
        " ",
        "\n",
        "'",
        "\"",
        "\\",
        "\\\\",
        "`",
        "$",
        "$'",
        "$\"",
        "#",
        " #",
        " # ' \n",
        "\\\n",
        ";",
        ";;",
        "&&",
        "||",
        "|",
        "$(",
        ")",
        "(",
        "((",
        "))",
        "$((",
        "${u",
        "${u#",
        "${u:-",
        "}",
        "{ ",
        "; }",
        "case x in a) ",
        "case ",
        " in ",
        "esac",
        ";esac",
        "x)",
        "*)",
        "if :; then ",
        "; fi",
        "; do ",
        "; done",
        "<<E\n",
        "<<'E'\n",
        "<<-E\n",
        "<<E",
        "E\n",
        "\nE\n",
        "\n\tE\n",
        "<<<",
        "<(",
        ">/dev/null ",
        "a=",
        "a[",
        "]",
        "]=",
        "{a[",
        "]}>/dev/null",
        "[[ ",
        " ]]",
        "~",
        "{a,",
        "!",
        "! ",
        "$u",
        "$#",
        "$?",
        "f()",
        "f() {",
        "echo ",
        "printf '<%s>' ",
        ": ",
        "%",
        "%a%",
        "%b%",
        "%e%",
        "%%",
        "%a%b%",
        "\u00e9",
        "\u00a0#",
        "\r",
        "\t",
        "=",
        "+=",
        "-",
        "2",
        "2>/dev/null",
        "&>/dev/null",
        "alias ",
        "alias q=\"echo '\"\n",
        "q ",
        "time ",
        "time -p ",
        "x",
        "RANDOM=",
        "PS4=",
        "set -x;",
        "SECONDS",
        "for RANDOM in ",
        "$[",
        "\\%a%",
        "$%a%",
        "$\\\n%a%",
        "$\\%a%",
        "\"%a%\"",
        "'%a%'",
        "${u%a%}",
        "$((%a%))",
        "`%a%`",
        "$'%a%'",
        "then ",
        "do ",
        "function ",
        "select ",
        "\\\n#",
        "a#",
        "@(",
        "&",
        "|&",
        ";&",
        ";;&",
        "export x=",
        "{",
        "<",
        ">&",
        "<<\\E\n",
        "<<\"E\"\n",
    ];

    private static readonly string[] Placeholders = ["%a%", "%b%", "%e%", "%n%", "%a%b%", "%a%%b%", "%%a%%"];

    private static readonly string[] Literals =
    [
        "x",
        "-",
        "=",
        "~",
        "{a,",
        "}",
        "%",
        ",",
        ":",
        "#",
        "[",
        "]",
        "a[1]",
        "y z",
        "\u00e9",
        "!",
        "in",
        "2",
    ];

    private readonly Tape _tape;
    private readonly StringBuilder _text = new();
    private string _hereDocuments = "";

    private RandomCommand(Tape tape) => _tape = tape;

    internal static string From(Tape tape)
    {
        var command = new RandomCommand(tape);
        command.List(0);
        command.EndLine();
        return command.Broken();
    }

    /// <summary>Only words for <c>printf</c>, whose arguments can be foretold.</summary>
    internal static string ArgumentsFrom(Tape tape)
    {
        var command = new RandomCommand(tape);
        command._text.Append("printf '%s\\0'");
        for (var i = 0; i <= tape.Choose(3); i++)
        {
            command._text.Append(' ');
            for (var part = 0; part <= tape.Choose(6); part++)
            {
                command.ForetoldPart();
            }
        }

        return command._text.ToString();
    }

    private void ForetoldPart()
    {
        switch (_tape.Choose(12))
        {
            case 0:
            case 1:
            case 2:
                Append(["%a%", "%b%", "%a%%b%", "%n%", "%a%b%", "%%a%%"]);
                break;
            case 3:
                _text.Append('\'');
                Append(["", "x", "\\", "\"", "$", "#"]);
                Append(["%a%", "%a%b%", "\\%a%", "$%b%"]);
                _text.Append('\'');
                break;
            case 4:
                _text.Append('"');
                Append(["", "x", "\\\\", "'", "$", "$u", "\\\n", "$\\\n", "\\", "\\$", "\\\"", "${u#x}"]);
                Append(["%a%", "%a%b%", "\\%a%", "$%b%", "%a%%b%"]);
                Append(["", "x", "$", "'", "#x"]);
                _text.Append('"');
                break;
            case 5:
                _text.Append("\"$(printf %s. x ");
                Append(["%a%", "\"%b%\"", "'%a%'", "\\%a%", "$%a%"]);
                _text.Append(")\"");
                break;
            case 6:
                _text.Append("\\\n");
                break;
            case 7:
                Append(["\\", "$", "$\\\n", "$\\", "\\\\", "$#", "\\$"]);
                Append(["%a%", "%b%", "%n%"]);
                break;
            case 8:
                Append(["$\"", "\""]);
                _text.Append("x %a% \"");
                break;
            default:
                Append(["x", "=", "~", "{p,", "}", "!", "-", ":", "x#", "\\ ", "2", "\u00e9", "''", "\"\"", "$u", "%"]);
                break;
        }
    }

    private void Append(string[] among) => _text.Append(_tape.Pick(among));

    private void List(int depth)
    {
        Command(depth);
        for (var i = _tape.Choose(3); i > 0; i--)
        {
            var separator = _tape.Pick([";", "\n", " && ", " || ", " | ", "\n"]);
            if (separator == "\n")
            {
                EndLine();
            }
            else
            {
                _text.Append(separator);
            }

            Command(depth);
        }
    }

    private void Command(int depth)
    {
        switch (depth < MaxDepth ? _tape.Choose(12) : 0)
        {
            case 7:
                _text.Append("if ");
                List(depth + 1);
                _text.Append("; then ");
                List(depth + 1);
                _text.Append("; fi");
                break;
            case 8:
                Case(depth);
                break;
            case 9:
                var isGroup = _tape.Choose(2) == 1;
                _text.Append(isGroup ? "{ " : "( ");
                List(depth + 1);
                _text.Append(isGroup ? "; }" : " )");
                break;
            case 10:
                // A name of its own: one that holds a value and stands in arithmetic is evaluated there by bash, which is
                // the operator's second level and not ours.
                _text.Append(CultureInfo.InvariantCulture, $"for loop{_text.Length} in ");
                Words(depth);
                _text.Append("; do ");
                List(depth + 1);
                _text.Append("; done");
                break;
            case 11:
                Prefixed(depth);
                break;
            default:
                Simple(depth);
                break;
        }
    }

    private void Case(int depth)
    {
        _text.Append("case ").Append(_tape.Pick(["x", "%a%", "\"%a%\""])).Append(" in ");
        _text.Append(_tape.Pick(["x", "*", "(*", "%a%", "a|*"])).Append(") ");
        List(depth + 1);
        _text.Append(_tape.Pick([";; esac", "\nesac", ";; y) echo y;; esac"]));
    }

    private void Prefixed(int depth)
    {
        var prefix = _tape.Pick([
            "a=",
            "f() { ",
            "! ",
            "((1+1)) || ",
            "%e% ",
            "q=%a% ",
            ">/dev/null ",
            "[[ %a% ]] || ",
            "RANDOM=%a%; ",
            "a[%a%]=x; ",
            "{a[%a%]}>/dev/null ",
            "set -x; PS4=%a%; ",
            "for SECONDS in %a%; do :; done; ",
            "echo >&%a%; ",
            "declare -a x=%a%; ",
            "echo 1>& \"x%a%\"; ",
            "alias q='echo \"'\nq %a% \"; ",
        ]);
        if (prefix == "f() { ")
        {
            // A name for each depth: one that calls itself prints until bash has no stack left, sooner or later.
            _text.Append('f').Append(depth).Append("() { ");
            List(depth + 1);
            _text.Append("; }; f").Append(depth).Append(' ');
        }
        else
        {
            _text.Append(prefix);
            Simple(depth);
        }
    }

    private void Simple(int depth)
    {
        _text.Append(_tape.Pick(["printf '<%s>' ", "echo ", "printf '<%s>' "]));
        Words(depth);
        switch (_tape.Choose(12))
        {
            case 9:
                _text.Append(_tape.Pick([" # it's a \"comment %a%", " #", " # %a%"]));
                EndLine();
                _text.Append(':');
                break;
            case 10:
                _text.Append(" && cat ").Append(_tape.Pick(["<<E", "<<'E'", "<<-E", "<< \\E"]));
                _hereDocuments +=
                    _tape.Pick(["x %a%\n", "it's $u\n", "x\\\n", "\"\n", "a) ( \n", "\t${u}\n", ""]) + "E\n";
                break;
            case 11:
                _text.Append(
                    _tape.Pick([
                        " >/dev/null",
                        " 2>/dev/null",
                        " >>/dev/null",
                        " <<<%a%",
                        " </dev/null",
                        " %a%>/dev/null",
                    ])
                );
                break;
        }
    }

    private void EndLine()
    {
        _text.Append('\n').Append(_hereDocuments);
        _hereDocuments = "";
    }

    private void Words(int depth)
    {
        for (var i = _tape.Choose(3); i >= 0; i--)
        {
            for (var part = _tape.Choose(4); part >= 0; part--)
            {
                Part(depth);
            }

            _text.Append(' ');
        }
    }

    private void Part(int depth)
    {
        switch (_tape.Choose(16))
        {
            case 4:
                _text.Append('\'').Append(_tape.Pick(Literals)).Append(_tape.Pick(Placeholders)).Append('\'');
                break;
            case 5:
            case 6:
                _text.Append('"');
                for (var i = _tape.Choose(4); i >= 0; i--)
                {
                    InDoubleQuotes(depth);
                }

                _text.Append('"');
                break;
            case 7:
                Substitution(depth);
                break;
            case 8:
                _text.Append(
                    _tape.Pick([
                        "\\",
                        "\\\\",
                        "$",
                        "\\\n",
                        "\\'",
                        "\\\"",
                        "$u",
                        "${u}",
                        "${u#%a%}",
                        "${u:-%a%}",
                        "$((1+2))",
                        "`echo %a%`",
                        "$'x%a%'",
                        "$'\\''",
                        "$\"x %a%\"",
                    ])
                );
                break;
            case 9:
            case 10:
            case 11:
                Append(Literals);
                break;
            default:
                Append(Placeholders);
                break;
        }
    }

    private void InDoubleQuotes(int depth)
    {
        switch (_tape.Choose(8))
        {
            case 3:
                Substitution(depth);
                break;
            case 4:
                _text.Append(
                    _tape.Pick([
                        "\\\\",
                        "\\\"",
                        "\\$",
                        "$u",
                        "${u}",
                        "\\",
                        "\\\n",
                        "$",
                        "`echo x`",
                        "${u:-x}",
                        "$((2*3))",
                    ])
                );
                break;
            case 5:
            case 6:
                _text.Append(_tape.Pick(["'", " ", "#", "(", ")", "x", "\n", ";"]));
                break;
            default:
                Append(Placeholders);
                break;
        }
    }

    private void Substitution(int depth)
    {
        if (depth >= MaxDepth)
        {
            return;
        }

        var waiting = _hereDocuments;
        _hereDocuments = "";
        _text.Append("$(");
        List(depth + 1);
        if (_hereDocuments.Length > 0)
        {
            EndLine();
        }

        _text.Append(')');
        _hereDocuments = waiting;
    }

    private string Broken()
    {
        for (var i = Math.Max(0, _tape.Choose(6) - 2); i > 0; i--)
        {
            var at = (_tape.Choose(256) * 256 + _tape.Choose(256)) % (_text.Length + 1);
            if (_tape.Choose(4) == 3 && at < _text.Length)
            {
                _text.Remove(at, 1);
            }
            else
            {
                _text.Insert(at, _tape.Pick(Fragments));
            }
        }

        return _text.ToString();
    }
}
