using System.Collections.Frozen;

namespace ThinDeployer.Shell;

/// <summary>The word that a command list is in the middle of.</summary>
internal sealed class ShellWord
{
    // Shells evaluate what these are given: prompts and start-up files are expanded, with command substitution, and bash's own
    // integers are arithmetic, in which a subscript such as a[$(id)] runs a command (seen for each of the first two rows).
    private static readonly FrozenSet<string> EvaluatedVariables = FrozenSet.Create(
        "BASHPID",
        "HISTCMD",
        "OPTIND",
        "RANDOM",
        "SECONDS",
        "SRANDOM",
        "PS4",
        "BASH_ENV",
        "ENV",
        "EPOCHREALTIME",
        "EPOCHSECONDS",
        "EUID",
        "LINENO",
        "PPID",
        "PROMPT_COMMAND",
        "PS0",
        "PS1",
        "PS2",
        "PS3",
        "UID"
    );

    /// <summary>What the word is so far, as far as it matters for the characters that may follow.</summary>
    private enum Shape
    {
        Empty,
        Digits,
        Brace,
        Name,
        BraceName,
        NamePlus,
        Assignment,
        Other,
    }

    private Shape _shape;

    /// <summary>Where it begins, or -1 between words.</summary>
    internal int Start { get; private set; } = -1;

    internal bool IsOpen => Start >= 0;

    /// <summary>Whether it is as written: no quoting, no expansion, no line continuation.</summary>
    internal bool IsPlain { get; private set; }

    internal bool HasLineContinuation { get; set; }

    /// <summary>What was read of it by rules of its own.</summary>
    internal List<WordPart> Parts { get; } = [];

    /// <summary>How many placeholders the lexer had found when it began.</summary>
    internal int FirstSite { get; private set; }

    /// <summary>Where an unquoted dollar sign stands that means itself only because of what follows it, or -1.</summary>
    internal int DollarAt { get; set; } = -1;

    /// <summary>Why no placeholder is safe up to its end, or null.</summary>
    internal string? Refusal { get; set; }

    /// <summary>The same for the word that comes next.</summary>
    internal string? NextRefusal { get; set; }

    internal bool IsAssignment => _shape == Shape.Assignment;

    /// <summary>Before <c>&lt;</c> or <c>&gt;</c> it is the number of a file, not a word.</summary>
    internal bool IsDigits => IsPlain && _shape == Shape.Digits;

    /// <summary>Whether it can be the name of a function.</summary>
    internal bool IsName => IsPlain && _shape == Shape.Name;

    /// <summary>Whether <c>[</c> would begin a subscript here; <c>{name[…]}&gt;file</c> has one too.</summary>
    internal bool CanTakeSubscript => _shape is Shape.Name or Shape.BraceName;

    /// <summary>Whether bash would look for the closing bracket beyond the end of the word.</summary>
    internal bool CanBeAssigned => _shape == Shape.Name;

    internal void Open(int start, int sites)
    {
        if (IsOpen)
        {
            return;
        }

        Start = start;
        Parts.Clear();
        FirstSite = sites;
        IsPlain = true;
        HasLineContinuation = false;
        DollarAt = -1;
        Refusal = NextRefusal;
        NextRefusal = null;
        _shape = Shape.Empty;
    }

    internal void Close()
    {
        Start = -1;
        DollarAt = -1;
        Refusal = null;
    }

    /// <summary>A character that means itself.</summary>
    internal void Add(char character)
    {
        DollarAt = -1;
        _shape = (_shape, character) switch
        {
            (Shape.Assignment, _) => Shape.Assignment,
            (Shape.Empty or Shape.Digits, >= '0' and <= '9') => Shape.Digits,
            (Shape.Empty, '{') => Shape.Brace,
            (Shape.Empty or Shape.Name, _) when VariableName.IsPart(character) => Shape.Name,
            (Shape.Brace or Shape.BraceName, _) when VariableName.IsPart(character) => Shape.BraceName,
            (Shape.Name, '+') => Shape.NamePlus,
            (Shape.Name or Shape.NamePlus, '=') => Shape.Assignment,
            _ => Shape.Other,
        };
    }

    /// <summary>Something that is quoted or expanded.</summary>
    internal void AddQuoted()
    {
        IsPlain = false;
        DollarAt = -1;
        if (_shape != Shape.Assignment)
        {
            _shape = Shape.Other;
        }
    }

    internal string Text(string source, int end) => ContinuedLines.Join(source[Start..end]);

    /// <summary>Whether it begins as an assignment to a variable that shells evaluate. Quotes don't count: <c>export "PS4=…"</c> is one.</summary>
    internal bool AssignsEvaluatedVariable(string source, int end)
    {
        const int longestName = 32;
        const int longestDisguise = 96;
        Span<char> name = stackalloc char[longestName];
        var length = 0;
        for (var i = Start; i < end && length < longestName; i++)
        {
            if (i - Start > longestDisguise)
            {
                return true;
            }

            if (source[i] == '=')
            {
                return IsEvaluated(name[..length].TrimEnd('+'));
            }

            if (!VariableName.IsPart(source[i]) && source[i] is not ('+' or '\'' or '"' or '\\' or '\n'))
            {
                return false;
            }

            if (source[i] is not ('\'' or '"' or '\\' or '\n'))
            {
                name[length++] = source[i];
            }
        }

        return false;
    }

    internal static bool IsEvaluated(ReadOnlySpan<char> name) =>
        EvaluatedVariables.GetAlternateLookup<ReadOnlySpan<char>>().Contains(name);
}
