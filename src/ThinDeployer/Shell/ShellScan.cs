namespace ThinDeployer.Shell;

/// <summary>One pass over a command's text: where it is, what it is inside of, what it has found.</summary>
internal sealed class ShellScan
{
    /// <summary>Levels of quotes and substitutions inside one another.</summary>
    private const int MaxDepth = 64;

    private readonly List<ShellFrame> _frames = [];
    private readonly List<PlaceholderSite> _sites = [];
    private readonly List<(int At, bool IsSimple)> _lineEnds = [];

    private bool _isLost;

    /// <param name="text">What is read.</param>
    /// <param name="offset">Where in the command it stands.</param>
    internal ShellScan(string text, int offset = 0)
    {
        Text = text;
        Offset = offset;
        _frames.Add(new ShellFrame(FrameKind.Commands, null, false) { Grammar = new CommandGrammar(false) });
    }

    internal string Text { get; }

    internal int Offset { get; }

    /// <summary>Never beyond the end, where an unfinished quote or a last backslash would lead.</summary>
    internal int At
    {
        get;
        set => field = Math.Min(value, Text.Length);
    }

    internal bool IsAtEnd => At >= Text.Length;

    internal char Current => Text[At];

    internal ShellFrame Frame => _frames[^1];

    internal bool IsInnermostOnly => _frames.Count == 1;

    internal IReadOnlyList<PlaceholderSite> Sites => _sites;

    internal IReadOnlyList<(int At, bool IsSimple)> LineEnds => _lineEnds;

    internal CommandList Commands => _frames[0].Commands;

    /// <summary>A newline here ends a command.</summary>
    internal void MarkLineEnd()
    {
        if (!_isLost && IsInnermostOnly && Frame.Grammar!.IsBehindCommand)
        {
            _lineEnds.Add((At, Frame.Grammar.IsBehindSimpleCommand));
        }
    }

    /// <summary>The character that is so far ahead, or NUL behind the end.</summary>
    internal char Ahead(int distance) => At + distance < Text.Length ? Text[At + distance] : '\0';

    internal bool HereDocumentWaits => Frame.HereDocumentWaits || Frame.HereDocuments.Count > 0;

    internal void Enter(FrameKind kind, string? refusal, int opening)
    {
        if (_frames.Count == MaxDepth)
        {
            LoseTrack();
            At = Text.Length;
            return;
        }

        var grammar = kind == FrameKind.Commands ? new CommandGrammar(true) : null;
        _frames.Add(new ShellFrame(kind, Refusal ?? refusal, HereDocumentWaits) { Start = At, Grammar = grammar });
        At += opening;
    }

    internal void Leave(int closing)
    {
        var left = Frame;
        _frames.RemoveAt(_frames.Count - 1);
        At += closing;
        var around = _frames.FindLast(frame => frame.Kind == FrameKind.Commands)!;
        if (left.Kind == FrameKind.Commands)
        {
            around.Commands.Substitution(left.Commands);
        }
        // For placeholders its inside is opaque, so its commands are read apart; backticks within backticks are not.
        else if (left.Kind == FrameKind.Backticks && Offset == 0)
        {
            var start = left.Start + 1;
            around.Commands.Substitution(ShellLexer.Read(Text[start..Math.Max(start, At - closing)], start).Commands);
        }

        if (left.Kind != FrameKind.DoubleQuotes && Frame.Kind is FrameKind.Commands or FrameKind.DoubleQuotes)
        {
            around.Word.Parts.Add(new WordPart(left.Start, At, left.Kind));
        }
    }

    /// <summary>
    /// From here on it isn't certain how shells read the text: no placeholder behind is accepted. What it seems to be is good
    /// enough for <see cref="CommandList"/>.
    /// </summary>
    internal void LoseTrack()
    {
        for (var at = At; !_isLost && at < Text.Length; at++)
        {
            AddSite(Quoting.Bare, at, at, "", Refusals.Lost);
        }

        _isLost = true;
    }

    /// <summary>Where a percent sign is the next character: takes note of the placeholder that may begin with it, and goes on behind the sign.</summary>
    internal void PercentSign(Quoting quoting, int replaceFrom, string prefix = "", string? refusal = null)
    {
        if (!_isLost)
        {
            AddSite(quoting, At, replaceFrom, prefix, refusal ?? Refusal);
        }

        At++;
    }

    /// <summary>The word that begins with this placeholder ends here, and may be left out.</summary>
    internal void MarkOmittable(int site)
    {
        if (!_isLost)
        {
            _sites[site] = _sites[site] with { OmittableWordEnd = At };
        }
    }

    private void AddSite(Quoting quoting, int at, int replaceFrom, string prefix, string? refusal)
    {
        if (Text[at] == '%' && Placeholder.NameAt(Text, at) is { } name)
        {
            var placeholder = new Placeholder(name, at, refusal);
            _sites.Add(new PlaceholderSite(placeholder, quoting) { ReplaceFrom = replaceFrom, Prefix = prefix });
        }
    }

    /// <summary>Why no placeholder is safe just here, or null.</summary>
    private string? Refusal =>
        Frame.Refusal ?? (Frame.Kind == FrameKind.DoubleQuotes ? OfWord(_frames[^2]) : OfWord(Frame));

    private string? OfWord(ShellFrame frame)
    {
        if (frame.Grammar is not { } grammar)
        {
            return null;
        }

        if (grammar.InCondition)
        {
            return Refusals.Condition;
        }

        if (grammar.InEvaluatedLoopWords)
        {
            return Refusals.EvaluatedVariable;
        }

        if (grammar.InEvaluatedArguments)
        {
            return Refusals.EvaluatedArguments;
        }

        if (!frame.Word.IsOpen)
        {
            return null;
        }

        return frame.Word.Refusal
            ?? (frame.Word.AssignsEvaluatedVariable(Text, At) ? Refusals.EvaluatedVariable : null);
    }
}
