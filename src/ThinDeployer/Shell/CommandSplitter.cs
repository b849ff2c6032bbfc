using System.Text;

namespace ThinDeployer.Shell;

/// <summary>
/// Splits the text of a command into its simple commands, to tell an operator something about them. Nothing that is run
/// or quoted depends on it, so it may be mistaken about rare text; <see cref="ShellLexer"/> may not.
/// </summary>
internal sealed class CommandSplitter
{
    /// <summary>Substitutions inside one another; what is deeper is taken as text.</summary>
    private const int MaximumDepth = 32;

    private readonly string _text;
    private readonly List<SimpleCommand> _commands = [];

    /// <summary>Kept apart, so that what is piped into one another stands side by side.</summary>
    private readonly List<SimpleCommand> _inSubstitutions = [];
    private readonly HashSet<string> _functions;
    private readonly int _depth;
    private readonly char _closing;
    private readonly Queue<string> _hereDocuments = new();
    private readonly StringBuilder _word = new();
    private readonly List<(int Start, int End)> _substitutions = [];
    private readonly List<string> _expansions = [];
    private List<CommandWord> _words = [];
    private List<CommandWord> _hereStrings = [];
    private List<CommandWord> _inputs = [];
    private List<CommandWord> _outputs = [];
    private int _at;
    private int _wordStart = -1;
    private bool _isLiteral;
    private bool _isQuoted;
    private int _parentheses;

    /// <summary>Where the commands of each open group begin, and those of the one that was just closed.</summary>
    private readonly Stack<int> _groups = new();
    private int? _closedGroup;

    /// <summary>The operator whose target the next word is, or empty.</summary>
    private string _redirection = "";

    private CommandSplitter(string text, int start, char closing, CommandSplitter? outer)
    {
        _text = text;
        _at = start;
        _closing = closing;
        _functions = outer?._functions ?? [];
        _depth = outer is null ? 0 : outer._depth + 1;
    }

    /// <summary>In the order of the text, and behind them those that stand inside substitutions.</summary>
    internal static IReadOnlyList<SimpleCommand> Split(string command)
    {
        var splitter = new CommandSplitter(command, 0, '\0', outer: null);
        splitter.Run();
        return
        [
            .. splitter._commands.Where(found =>
                found.Words.Count == 0 || !splitter._functions.Contains(found.Words[0].Text)
            ),
        ];
    }

    private char Current => _text[_at];

    private char Next => _at + 1 < _text.Length ? _text[_at + 1] : '\0';

    private void Run()
    {
        while (_at < _text.Length && !(Current == _closing && _parentheses == 0))
        {
            Step();
        }

        EndCommand();
        _commands.AddRange(_inSubstitutions);
    }

    private void Step()
    {
        switch (Current)
        {
            case ' ' or '\t':
                EndWord();
                _at++;
                break;
            case '\n':
                EndCommand();
                _at++;
                SkipHereDocuments();
                break;
            case '&' when Next == '>':
            case '<' or '>':
                Redirection();
                break;
            case ';' or '&' or '|':
                EndCommand(pipesOn: Current == '|' && Next != '|');
                _at += Next is ';' or '&' or '|' ? 2 : 1;
                break;
            case '(':
                OpenParenthesis();
                break;
            case ')':
                CloseParenthesis();
                break;
            case '#' when _wordStart < 0:
                _at = EndOfLine(_at);
                break;
            default:
                WordPart(inDoubleQuotes: false);
                break;
        }
    }

    private void WordPart(bool inDoubleQuotes)
    {
        OpenWord();
        switch (Current)
        {
            case '\\' when Next == '\n':
                _at += 2;
                break;
            case '\\' when !inDoubleQuotes || Next is '$' or '`' or '"' or '\\':
                _isQuoted = true;
                _word.Append(Next is '\0' ? "" : Next);
                _at += 2;
                break;
            case '\'' when !inDoubleQuotes:
                SingleQuotes();
                break;
            case '"' when !inDoubleQuotes:
                DoubleQuotes();
                break;
            case '`':
                Substitution(opening: 1, '`');
                break;
            case '$' when Next == '(' && _at + 2 < _text.Length && _text[_at + 2] == '(':
                Verbatim(Matching('(', ')'));
                break;
            case '$' when Next == '(':
                Substitution(opening: 2, ')');
                break;
            case '$' when Next == '{':
                Expansion(_at + 2);
                Verbatim(Matching('{', '}'));
                break;
            case '$':
                Expansion(_at + 1);
                _isLiteral = false;
                Take();
                break;
            case '*' or '?' or '[' or '~' when !inDoubleQuotes:
                _isLiteral = false;
                Take();
                break;
            default:
                Take();
                break;
        }
    }

    private void Expansion(int start)
    {
        var end = start;
        while (end < _text.Length && VariableName.IsPart(_text[end]))
        {
            end++;
        }

        _expansions.Add(_text[start..end]);
    }

    private void Take() => _word.Append(_text[_at++]);

    private void OpenWord()
    {
        if (_wordStart < 0)
        {
            _wordStart = _at;
            _isLiteral = true;
            _isQuoted = false;
        }
    }

    private void SingleQuotes()
    {
        var end = _text.IndexOf('\'', _at + 1);
        end = end < 0 ? _text.Length : end;
        _word.Append(_text, _at + 1, end - _at - 1);
        _isQuoted = true;
        _at = end + 1;
    }

    private void DoubleQuotes()
    {
        _at++;
        while (_at < _text.Length && Current != '"')
        {
            WordPart(inDoubleQuotes: true);
        }

        _isQuoted = true;
        _at++;
    }

    private void Substitution(int opening, char closing)
    {
        var start = _at;
        _isLiteral = false;
        if (_depth == MaximumDepth)
        {
            _at = _text.Length;
            return;
        }

        var inner = new CommandSplitter(_text, _at + opening, closing, this);
        inner.Run();
        _inSubstitutions.AddRange(inner._commands);
        _at = Math.Min(inner._at + 1, _text.Length);
        _substitutions.Add((start, _at));
        _word.Append(_text, start, _at - start);
    }

    private void Verbatim(int end)
    {
        _isLiteral = false;
        _word.Append(_text, _at, end - _at);
        _at = end;
    }

    /// <summary>The index behind what closes the first of these, or the end.</summary>
    private int Matching(char opening, char closing)
    {
        var open = 0;
        for (var at = _at; at < _text.Length; at++)
        {
            open +=
                _text[at] == opening ? 1
                : _text[at] == closing ? -1
                : 0;
            if (open == 0 && _text[at] == closing)
            {
                return at + 1;
            }
        }

        return _text.Length;
    }

    private void Redirection()
    {
        // Digits before it are the number of a file.
        if (_wordStart >= 0 && !_isQuoted && _word.ToString().All(char.IsAsciiDigit))
        {
            DropWord();
        }

        EndWord();
        if (Next == '(' && Current is '<' or '>')
        {
            OpenWord();
            Substitution(opening: 2, ')');
            return;
        }

        var start = _at;
        while (_at < _text.Length && _at - start < 3 && Current is '<' or '>' or '&' or '|' or '-')
        {
            _at++;
        }

        // `>&-` closes a file, and has no target.
        _redirection = _text[start.._at] is var found && found.EndsWith('-') && found != "<<-" ? "" : found;
    }

    private void OpenParenthesis()
    {
        if (_wordStart >= 0)
        {
            // The definition of a function: f() { …; }
            _functions.Add(_word.ToString());
            DropWord();
        }

        EndCommand();
        _groups.Push(_commands.Count);
        _parentheses++;
        _at++;
    }

    private void CloseParenthesis()
    {
        EndWord();
        if (_parentheses > 0)
        {
            EndCommand();
            _closedGroup = _groups.TryPop(out var start) ? start : null;
            _parentheses--;
        }
        else
        {
            // The end of a pattern of `case`.
            _words = [];
        }

        _at++;
    }

    private void EndWord()
    {
        if (_wordStart < 0)
        {
            return;
        }

        var end = Math.Min(_at, _text.Length);
        var isLiteral = _isLiteral && !HasPlaceholder(_wordStart, end);
        var word = new CommandWord(_wordStart, end, _word.ToString(), isLiteral, [.. _substitutions], [.. _expansions]);
        DropWord();
        switch (_redirection)
        {
            case "":
                _words.Add(word);
                break;
            case "<<<":
                _hereStrings.Add(word);
                break;
            case "<<" or "<<-":
                _hereDocuments.Enqueue(word.Text);
                break;
            case "<":
                _inputs.Add(word);
                break;
            case [.., '>' or '|']:
                _outputs.Add(word);
                break;
        }

        _redirection = "";
    }

    private bool HasPlaceholder(int start, int end)
    {
        for (var at = start; at < end; at++)
        {
            if (_text[at] == '%' && Placeholder.NameAt(_text, at) is not null)
            {
                return true;
            }
        }

        return false;
    }

    private void DropWord()
    {
        _wordStart = -1;
        _word.Clear();
        _substitutions.Clear();
        _expansions.Clear();
    }

    private void EndCommand(bool pipesOn = false)
    {
        EndWord();
        _redirection = "";
        Groups();
        var words = ShellKeywords.Strip(_words);
        var assignments = words.TakeWhile(word => word.Assigned.Length > 0).ToList();
        if (words.Count > 0 || _hereStrings.Count > 0)
        {
            _commands.Add(
                new SimpleCommand(
                    [.. words.Skip(assignments.Count)],
                    assignments,
                    _hereStrings,
                    _inputs,
                    _outputs,
                    pipesOn
                )
            );
        }
        else if (_closedGroup is { } start)
        {
            for (var i = start; i < _commands.Count; i++)
            {
                var command = _commands[i];
                _commands[i] = command with
                {
                    PipesOn = command.PipesOn || pipesOn,
                    Outputs = [.. command.Outputs, .. _outputs],
                };
            }
        }

        _closedGroup = null;
        _words = [];
        _hereStrings = [];
        _inputs = [];
        _outputs = [];
    }

    private void Groups()
    {
        foreach (var word in _words.Select(word => word.Text).TakeWhile(ShellKeywords.IsKeyword))
        {
            if (word is "{" or "for" or "if" or "until" or "while")
            {
                _groups.Push(_commands.Count);
            }
            else if (word is "}" or "done" or "fi")
            {
                _closedGroup = _groups.TryPop(out var start) ? start : null;
            }
        }
    }

    private void SkipHereDocuments()
    {
        while (_hereDocuments.TryDequeue(out var delimiter))
        {
            while (_at < _text.Length)
            {
                var end = EndOfLine(_at);
                var line = _text[_at..end];
                _at = Math.Min(end + 1, _text.Length);
                if (line.TrimStart('\t') == delimiter)
                {
                    break;
                }
            }
        }
    }

    private int EndOfLine(int from) => _text.IndexOf('\n', from) is >= 0 and var end ? end : _text.Length;
}
