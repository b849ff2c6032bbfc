using System.Collections.Frozen;
using ThinDeployer.Yaml;

namespace ThinDeployer.Configuration;

/// <summary>All services as they were read, and what is wrong with them. It never changes.</summary>
/// <param name="Services">By name. Not to be used while there are mistakes.</param>
internal sealed record ConfigurationSnapshot(
    FrozenDictionary<string, ServiceConfiguration> Services,
    IReadOnlyList<Problem> Problems
)
{
    /// <summary>Each on one line, with file, line and column.</summary>
    internal IReadOnlyList<string> Mistakes { get; } = Lines(Problems, Severity.Mistake);

    /// <inheritdoc cref="Mistakes"/>
    internal IReadOnlyList<string> Warnings { get; } = Lines(Problems, Severity.Warning);

    internal bool IsUsable => Mistakes.Count == 0;

    private static List<string> Lines(IReadOnlyList<Problem> problems, Severity severity) =>
        [.. problems.Where(problem => problem.Severity == severity).Select(problem => problem.ToString())];
}
