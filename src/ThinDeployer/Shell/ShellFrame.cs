namespace ThinDeployer.Shell;

internal enum FrameKind
{
    /// <summary>The command itself, or the inside of <c>$(…)</c>, <c>&lt;(…)</c>, <c>&gt;(…)</c>.</summary>
    Commands,
    DoubleQuotes,

    /// <summary>The inside of <c>${…}</c>.</summary>
    Parameter,

    /// <summary>The inside of <c>$((…))</c>.</summary>
    Arithmetic,

    /// <summary>The inside of bash's <c>((…))</c>, which dash reads as two subshells.</summary>
    ArithmeticCommand,
    Backticks,
}

/// <summary>What the lexer is inside of: one level of its stack.</summary>
/// <param name="Kind">Which rules of reading hold.</param>
/// <param name="Refusal">Why no placeholder is safe at this level and below it, or null.</param>
/// <param name="HereDocumentWaits">Whether a here-document of an outer level still waits for its body. Where shells look for it when the
/// next newline belongs to an inner level is not certain.</param>
internal sealed record ShellFrame(FrameKind Kind, string? Refusal, bool HereDocumentWaits)
{
    /// <summary>Where what opened it stands.</summary>
    internal int Start { get; init; }

    /// <summary>Commands only.</summary>
    internal CommandGrammar? Grammar { get; init; }

    /// <summary>Commands only: what is read, as an operator is told of it.</summary>
    internal CommandList Commands { get; } = new();

    /// <summary>Commands only: the word being read.</summary>
    internal ShellWord Word { get; } = new();

    /// <summary>Commands only: here-documents whose operator was read and whose body begins after the next newline.</summary>
    internal Queue<HereDocument> HereDocuments { get; } = new();

    /// <summary>Arithmetic only: how many of its own parentheses are open.</summary>
    internal int OpenParentheses { get; set; }
}
