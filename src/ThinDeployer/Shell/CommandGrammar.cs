namespace ThinDeployer.Shell;

/// <summary>
/// As much of the grammar of commands as decides where text ends: whether <c>case</c> begins a case, whose <c>)</c> is not the end of a
/// substitution, whether <c>((</c> or <c>[[</c> is bash's, and whether a word may be left out. It answers false for what is a syntax error
/// and for what dash and bash might read differently; the lexer trusts nothing behind that.
/// </summary>
internal sealed class CommandGrammar(bool isSubstitution)
{
    private enum Expecting
    {
        /// <summary>A command; only here are words reserved.</summary>
        Command,

        /// <summary>A command's name, behind an assignment, a redirection or a word that may be left out: no word is reserved.</summary>
        CommandName,
        Arguments,

        /// <summary>What may follow <c>)</c>, <c>}</c>, <c>fi</c>, <c>done</c>, <c>esac</c>, <c>]]</c>.</summary>
        CompoundEnd,
        CompoundRedirections,
        LoopVariable,
        LoopIn,
        LoopWords,
        CaseSubject,
        CaseIn,
        Pattern,
        PatternBehindOperator,
        PatternEnd,
        Condition,
    }

    private enum Open
    {
        Parenthesis,
        Brace,
        If,
        Loop,
        Case,
    }

    /// <summary>Compound commands inside one another.</summary>
    private const int MaxDepth = 64;

    private readonly Stack<Open> _open = new();
    private Expecting _expecting = Expecting.Command;
    private bool _redirectionNeedsTarget;
    private bool _mayBeFunction;
    private bool _loopVariableIsEvaluated;
    private bool _commandEvaluates;
    private bool _commandIsStillToCome;
    private bool _evaluatesArrays;

    internal bool InCondition => _expecting == Expecting.Condition;

    /// <summary>Whether the words go into a loop variable that the shell evaluates.</summary>
    internal bool InEvaluatedLoopWords => _expecting == Expecting.LoopWords && _loopVariableIsEvaluated;

    /// <summary>Whether the words are arguments that bash reads as assignments or arithmetic: <c>declare -a x=%v%</c> runs what the value says.</summary>
    internal bool InEvaluatedArguments => _expecting == Expecting.Arguments && _commandEvaluates;

    internal bool ExpectsCommand => _expecting == Expecting.Command && !_redirectionNeedsTarget;

    /// <summary>Whether the end of a line would end a command that stands in no compound one.</summary>
    internal bool IsBehindCommand =>
        _open.Count == 0 && !_redirectionNeedsTarget && InCommand && _expecting != Expecting.Command;

    /// <summary>Whether that would be a simple command.</summary>
    internal bool IsBehindSimpleCommand =>
        IsBehindCommand && _expecting is Expecting.Arguments or Expecting.CommandName;

    /// <summary>Whether a word may be left out here without changing what the words behind it are.</summary>
    internal bool CanOmitWord =>
        !_redirectionNeedsTarget
        && _expecting is Expecting.Command or Expecting.CommandName or Expecting.Arguments or Expecting.LoopWords;

    /// <summary>A parenthesis behind the word that was read last would make a function of it.</summary>
    internal bool MayBeFunction => _mayBeFunction && _expecting == Expecting.Arguments;

    /// <param name="text">The word if it is plain, else empty.</param>
    /// <param name="unquoted">The word without its quotes.</param>
    /// <param name="isName">Whether it can be the name of a function.</param>
    /// <param name="isAssignment">Whether a command's name may still follow it at the beginning of a command.</param>
    internal bool Word(string text, string unquoted, bool isName, bool isAssignment)
    {
        var mayBeFunction = _expecting == Expecting.Command && !_redirectionNeedsTarget && isName;
        _mayBeFunction = false;
        if (_redirectionNeedsTarget)
        {
            _redirectionNeedsTarget = false;
            return true;
        }

        switch (_expecting)
        {
            case Expecting.Command when IsReserved(text):
            case Expecting.CompoundEnd when IsReserved(text):
                return Reserved(text);
            case Expecting.CommandName when text.StartsWith('-'):
                // bash's `time -p` still has its reserved words to come, so they stay ruled out.
                return true;
            case Expecting.Command:
            case Expecting.CommandName when !IsReserved(text):
                _expecting = isAssignment ? Expecting.CommandName : Expecting.Arguments;
                _mayBeFunction = mayBeFunction;
                Called(unquoted);
                return true;
            case Expecting.Arguments:
            case Expecting.LoopWords:
                Argument(unquoted, mayBeOmitted: isAssignment);
                // Before version 5.2, bash looked for these two words inside a substitution without parsing it.
                return !(isSubstitution && text is "case" or "esac");
            case Expecting.LoopVariable when text.Length > 0:
                _loopVariableIsEvaluated = ShellWord.IsEvaluated(text);
                return Expect(Expecting.LoopIn);
            case Expecting.LoopIn when text == "in":
                return Expect(Expecting.LoopWords);
            case Expecting.LoopIn when text == "do":
                return Expect(Expecting.Command);
            case Expecting.CaseSubject:
                return Expect(Expecting.CaseIn);
            case Expecting.CaseIn when text == "in":
                return Expect(Expecting.Pattern);
            case Expecting.Pattern when text == "esac":
                return Close(Open.Case);
            case Expecting.Pattern or Expecting.PatternBehindOperator when !IsReserved(text):
                return Expect(Expecting.PatternEnd);
            case Expecting.Condition when text == "]]":
                return Expect(Expecting.CompoundEnd);
            case Expecting.Condition:
                return !IsReserved(text);
            default:
                return false;
        }
    }

    private void Called(string command)
    {
        _commandEvaluates = command is "declare" or "let" or "local" or "readonly" or "typeset";
        _commandIsStillToCome = command is "builtin" or "command";
        _evaluatesArrays = command == "export";
    }

    private void Argument(string argument, bool mayBeOmitted)
    {
        if (_commandIsStillToCome && !mayBeOmitted && !argument.StartsWith('-'))
        {
            Called(argument);
        }

        // bash's export takes `-a`, and what follows for an array, but says so nowhere.
        _commandEvaluates |= _evaluatesArrays && argument.StartsWith('-') && argument.Contains('a');
    }

    /// <summary><c>;</c>, <c>&amp;</c>, <c>|</c>, <c>&amp;&amp;</c>, <c>||</c> or a newline.</summary>
    internal bool Separator(string separator)
    {
        _mayBeFunction = false;
        if (_redirectionNeedsTarget)
        {
            return false;
        }

        switch (_expecting)
        {
            case Expecting.LoopIn when separator == "\n":
            case Expecting.CaseIn when separator == "\n":
            case Expecting.Pattern when separator == "\n":
            case Expecting.Condition when separator is "&&" or "||":
                return true;
            case Expecting.PatternEnd when separator == "|":
                return Expect(Expecting.PatternBehindOperator);
            case Expecting.LoopIn or Expecting.LoopWords when separator is "\n" or ";":
                return Expect(Expecting.Command);
            default:
                return InCommand && Expect(Expecting.Command);
        }
    }

    /// <summary><c>;;</c>, <c>;&amp;</c> or <c>;;&amp;</c>.</summary>
    internal bool CaseBranchEnd()
    {
        _mayBeFunction = false;
        return !_redirectionNeedsTarget && InCommand && IsInnermost(Open.Case) && Expect(Expecting.Pattern);
    }

    internal bool Redirection()
    {
        _mayBeFunction = false;
        if (_redirectionNeedsTarget || !InCommand)
        {
            return false;
        }

        _redirectionNeedsTarget = true;
        return Expect(
            _expecting switch
            {
                Expecting.Command => Expecting.CommandName,
                Expecting.CompoundEnd => Expecting.CompoundRedirections,
                _ => _expecting,
            }
        );
    }

    internal bool OpenParenthesis()
    {
        if (_redirectionNeedsTarget)
        {
            return false;
        }

        return _expecting switch
        {
            Expecting.Command => Begin(Open.Parenthesis, Expecting.Command),
            Expecting.Pattern => Expect(Expecting.PatternBehindOperator),
            _ => false,
        };
    }

    /// <summary><c>()</c> behind a word that <see cref="MayBeFunction"/>.</summary>
    internal bool FunctionParentheses()
    {
        _mayBeFunction = false;
        return Expect(Expecting.Command);
    }

    /// <summary>bash's <c>((…))</c> was read.</summary>
    internal bool ArithmeticCommand() => Expect(Expecting.CompoundEnd);

    /// <summary>Whether <c>)</c> here is the end of a pattern of <c>case</c>.</summary>
    internal bool EndsPattern => _expecting == Expecting.PatternEnd;

    /// <summary>Whether <c>)</c> here is the end of the substitution.</summary>
    internal bool EndsSubstitution => isSubstitution && !_redirectionNeedsTarget && InCommand && _open.Count == 0;

    internal bool CloseParenthesis()
    {
        _mayBeFunction = false;
        if (_redirectionNeedsTarget)
        {
            return false;
        }

        return EndsPattern ? Expect(Expecting.Command) : InCommand && Close(Open.Parenthesis);
    }

    private bool InCommand =>
        _expecting
            is Expecting.Command
                or Expecting.CommandName
                or Expecting.Arguments
                or Expecting.CompoundEnd
                or Expecting.CompoundRedirections;

    // `in` and `]]` are not reserved at the beginning of a command, but nobody means them there.
    private static bool IsReserved(string text) =>
        text
            is "!"
                or "{"
                or "}"
                or "case"
                or "coproc"
                or "do"
                or "done"
                or "elif"
                or "else"
                or "esac"
                or "fi"
                or "for"
                or "function"
                or "if"
                or "in"
                or "select"
                or "then"
                or "time"
                or "until"
                or "while"
                or "[["
                or "]]";

    private bool Reserved(string text) =>
        text switch
        {
            "then" or "else" or "elif" => IsInnermost(Open.If) && Expect(Expecting.Command),
            "do" => IsInnermost(Open.Loop) && Expect(Expecting.Command),
            "fi" => Close(Open.If),
            "done" => Close(Open.Loop),
            "esac" => Close(Open.Case),
            "}" => Close(Open.Brace),
            _ => _expecting == Expecting.Command && ReservedBeginning(text),
        };

    private bool ReservedBeginning(string text) =>
        text switch
        {
            "!" => true,
            "{" => Begin(Open.Brace, Expecting.Command),
            "if" => Begin(Open.If, Expecting.Command),
            "while" or "until" => Begin(Open.Loop, Expecting.Command),
            "for" => Begin(Open.Loop, Expecting.LoopVariable),
            "case" => Begin(Open.Case, Expecting.CaseSubject),
            "[[" => Expect(Expecting.Condition),
            // A program for dash, a reserved word for bash: both run the plain command that may follow.
            "time" => Expect(Expecting.CommandName),
            // bash has grammars of their own for `coproc`, `function` and `select`, dash has none.
            _ => false,
        };

    private bool IsInnermost(Open construct) => _open.TryPeek(out var innermost) && innermost == construct;

    private bool Begin(Open construct, Expecting next)
    {
        if (_open.Count == MaxDepth)
        {
            return false;
        }

        _open.Push(construct);
        return Expect(next);
    }

    private bool Close(Open construct)
    {
        if (!IsInnermost(construct))
        {
            return false;
        }

        _open.Pop();
        return Expect(Expecting.CompoundEnd);
    }

    private bool Expect(Expecting next)
    {
        _expecting = next;
        return true;
    }
}
