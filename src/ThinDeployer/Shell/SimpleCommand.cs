namespace ThinDeployer.Shell;

/// <summary>A program with its arguments, as far as the text of a command says it.</summary>
/// <param name="Words">The program first; without assignments before it, redirections and the shell's own keywords.</param>
/// <param name="Assignments">Such as <c>name=value</c> before the program, or alone.</param>
/// <param name="HereStrings">What <c>&lt;&lt;&lt;</c> gives it to read.</param>
/// <param name="Inputs">The files that <c>&lt;</c> gives it to read.</param>
/// <param name="Outputs">The files that it writes to by <c>&gt;</c> and its like.</param>
/// <param name="PipesOn">Whether the next command reads what it prints.</param>
internal sealed record SimpleCommand(
    IReadOnlyList<CommandWord> Words,
    IReadOnlyList<CommandWord> Assignments,
    IReadOnlyList<CommandWord> HereStrings,
    IReadOnlyList<CommandWord> Inputs,
    IReadOnlyList<CommandWord> Outputs,
    bool PipesOn
);

/// <param name="Start">Where in the command's source it begins.</param>
/// <param name="End">The index behind it.</param>
/// <param name="Text">Without its quotes; what a shell would fill in stands as written.</param>
/// <param name="IsLiteral">Whether the shell takes it just so: nothing in it is filled in.</param>
/// <param name="Substitutions">The parts of it that are commands of their own.</param>
/// <param name="Expansions">The names of the variables that the shell fills in.</param>
internal sealed record CommandWord(
    int Start,
    int End,
    string Text,
    bool IsLiteral,
    IReadOnlyList<(int Start, int End)> Substitutions,
    IReadOnlyList<string> Expansions
)
{
    /// <summary>In any letters.</summary>
    internal bool StartsWith(string text) => Text.StartsWith(text, StringComparison.OrdinalIgnoreCase);

    /// <summary>What it assigns to, as in <c>name=value</c>; else empty.</summary>
    internal string Assigned =>
        Text.IndexOf('=', StringComparison.Ordinal) is > 0 and var equals
        && VariableName.IsValid(Text.AsSpan(0, equals))
            ? Text[..equals]
            : "";

    /// <summary>Whether what stands at this index of the source is an own part of the word.</summary>
    internal bool Holds(int index) =>
        index >= Start && index < End && !Substitutions.Any(part => index >= part.Start && index < part.End);
}
