using System.Collections;

namespace ThinDeployer.Yaml;

/// <summary>What is wrong with a configuration, in the order found, so that an operator sees all of it at once.</summary>
internal sealed class Problems : IReadOnlyCollection<Problem>
{
    /// <summary>Kept of each severity, so that a flood of warnings hides no mistake.</summary>
    internal const int MaximumKept = 1_000;

    /// <summary>Where all was read from, whether or not anything was wrong with it.</summary>
    internal Sources Sources { get; } = new();

    private readonly List<Problem> _kept = [];
    private int _mistakes;
    private int _warnings;

    /// <summary>How many are kept.</summary>
    public int Count => _kept.Count;

    internal bool HasMistakes => _mistakes > 0;

    /// <summary>How many were found so far.</summary>
    internal int Mistakes => _mistakes;

    /// <summary>How many were found beyond those that are kept.</summary>
    internal int Omitted => _mistakes + _warnings - _kept.Count;

    internal void Mistake(Place place, string? service, string message) =>
        Keep(new Problem(Severity.Mistake, place, service, message), ref _mistakes);

    internal void Warn(Place place, string? service, string message) =>
        Keep(new Problem(Severity.Warning, place, service, message), ref _warnings);

    private void Keep(Problem problem, ref int found)
    {
        if (found++ < MaximumKept)
        {
            _kept.Add(problem);
        }
    }

    public IEnumerator<Problem> GetEnumerator() => _kept.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
