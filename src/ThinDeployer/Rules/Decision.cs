namespace ThinDeployer.Rules;

/// <summary>Whether a request wants a deployment.</summary>
internal abstract record Verdict
{
    private Verdict() { }

    internal sealed record Matches : Verdict;

    /// <param name="Reason">The rule that says so, as <c>when.all[1]: json ref equals "refs/heads/main"</c>.</param>
    internal sealed record DoesNotMatch(string Reason) : Verdict;

    /// <param name="Reason">A sentence.</param>
    internal sealed record Undecided(string Reason) : Verdict;
}

/// <summary>A verdict, and how it came about.</summary>
/// <param name="Trace">Every rule, in the order written, an outer one before its inner ones.</param>
internal sealed record Decision(Verdict Verdict, IReadOnlyList<TraceLine> Trace);

/// <summary>What one rule said.</summary>
/// <param name="Where">As <c>when.all[1].not</c>.</param>
/// <param name="Depth">0 for the outermost.</param>
/// <param name="Rule">The rule as text, of at most <see cref="Excerpt.MaximumLength"/> characters.</param>
/// <param name="Detail">What was seen, on one line, as short; empty where there is nothing to say.</param>
internal sealed record TraceLine(string Where, int Depth, string Rule, Outcome Outcome, string Detail)
{
    public override string ToString() => $"{Where}: {Rule}";
}
