namespace ThinDeployer.Shell;

/// <summary>One pass over a command's text: where it is, what it is inside of, what it has found.</summary>
internal sealed class ShellScan
{
    /// <summary>Levels of quotes and substitutions inside one another.</summary>
    private const int MaxDepth = 64;

    private readonly List<ShellFrame> _frames = [];
    private readonly List<PlaceholderSite> _sites = [];
    private readonly List<(int At, bool IsSimple)> _lineEnds = [];

    internal ShellScan(string text)
    {
        Text = text;
        _frames.Add(new ShellFrame(FrameKind.Commands, null, false) { Grammar = new CommandGrammar(false) });
    }

    internal string Text { get; }

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

    /// <summary>A newline here ends a command.</summary>
    internal void MarkLineEnd()
    {
        if (IsInnermostOnly && Frame.Grammar!.IsBehindCommand)
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
            return;
        }

        var grammar = kind == FrameKind.Commands ? new CommandGrammar(true) : null;
        _frames.Add(new ShellFrame(kind, Refusal ?? refusal, HereDocumentWaits) { Grammar = grammar });
        At += opening;
    }

    internal void Leave(int closing)
    {
        _frames.RemoveAt(_frames.Count - 1);
        At += closing;
    }

    /// <summary>From here on it isn't certain how shells read the text: nothing behind is accepted.</summary>
    internal void LoseTrack()
    {
        for (; !IsAtEnd; At++)
        {
            AddSite(Quoting.Bare, At, "", Refusals.Lost);
        }
    }

    /// <summary>Where a percent sign is the next character: takes note of the placeholder that may begin with it, and goes on behind the sign.</summary>
    internal void PercentSign(Quoting quoting, int replaceFrom, string prefix = "", string? refusal = null)
    {
        AddSite(quoting, replaceFrom, prefix, refusal ?? Refusal);
        At++;
    }

    /// <summary>The word that begins with this placeholder ends here, and may be left out.</summary>
    internal void MarkOmittable(int site) => _sites[site] = _sites[site] with { OmittableWordEnd = At };

    private void AddSite(Quoting quoting, int replaceFrom, string prefix, string? refusal)
    {
        if (Text[At] == '%' && Placeholder.NameAt(Text, At) is { } name)
        {
            var placeholder = new Placeholder(name, At, refusal);
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
