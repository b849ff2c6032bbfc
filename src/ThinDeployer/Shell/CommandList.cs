namespace ThinDeployer.Shell;

/// <summary>
/// Gathers the simple commands of a list of commands while the lexer reads it, to tell an operator something about them.
/// Nothing that is run or quoted depends on it, so it may be mistaken about rare text; the lexer may not.
/// </summary>
internal sealed class CommandList
{
    private readonly List<SimpleCommand> _commands = [];

    /// <summary>Kept apart, so that what is piped into one another stands side by side.</summary>
    private readonly List<SimpleCommand> _inSubstitutions = [];
    private readonly HashSet<string> _functions = [];

    /// <summary>Where the commands of each open group begin, and those of the one that was just closed.</summary>
    private readonly Stack<int> _groups = new();
    private int? _closedGroup;

    private List<CommandWord> _words = [];
    private List<CommandWord> _hereStrings = [];
    private List<CommandWord> _inputs = [];
    private List<CommandWord> _outputs = [];

    /// <summary>The operator whose target the next word is, or empty.</summary>
    private string _redirection = "";

    /// <summary>In the order of the text, and behind them those that stand inside substitutions.</summary>
    internal IReadOnlyList<SimpleCommand> Found =>
        [
            .. _commands
                .Concat(_inSubstitutions)
                .Where(found => found.Words.Count == 0 || !_functions.Contains(found.Words[0].Text)),
        ];

    internal void Word(CommandWord word)
    {
        switch (_redirection)
        {
            case "":
                _words.Add(word);
                break;
            case "<<<":
                _hereStrings.Add(word);
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

    internal void Redirection(string found) => _redirection = found;

    internal void Substitution(CommandList inner)
    {
        _inSubstitutions.AddRange(inner._commands);
        _inSubstitutions.AddRange(inner._inSubstitutions);
        _functions.UnionWith(inner._functions);
    }

    /// <summary>The last word turned out to be the name of a function: <c>f() { …; }</c></summary>
    internal void Function()
    {
        if (_words is [.., var name])
        {
            _functions.Add(name.Text);
            _words.RemoveAt(_words.Count - 1);
        }

        EndCommand();
    }

    /// <summary>The words turned out to be a pattern of <c>case</c>.</summary>
    internal void Pattern() => _words = [];

    internal void OpenParenthesis()
    {
        EndCommand();
        _groups.Push(_commands.Count);
    }

    internal void CloseParenthesis()
    {
        EndCommand();
        CloseGroup();
    }

    internal void EndCommand(bool pipesOn = false)
    {
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
                CloseGroup();
            }
        }
    }

    private void CloseGroup() => _closedGroup = _groups.TryPop(out var start) ? start : null;
}
