namespace ThinDeployer.Rules;

/// <summary>
/// What a rule says of a request: Kleene's three values. So it does not matter in which order rules stand: what can't be
/// decided makes no difference where another rule settles it.
/// </summary>
internal enum Outcome
{
    False,

    /// <summary>It would take too long, or the body is broken.</summary>
    Undecided,
    True,
}

internal static class Outcomes
{
    internal static Outcome Of(bool value) => value ? Outcome.True : Outcome.False;

    /// <summary>True when all are; of none, too.</summary>
    internal static Outcome All(IEnumerable<Outcome> outcomes) => outcomes.Append(Outcome.True).Min();

    /// <summary>True when any is; of none, false.</summary>
    internal static Outcome Any(IEnumerable<Outcome> outcomes) => outcomes.Append(Outcome.False).Max();

    internal static Outcome Not(Outcome outcome) => Outcome.True - (int)outcome;
}
