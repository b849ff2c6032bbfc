namespace ThinDeployer.Health;

/// <summary>What all checks said.</summary>
internal sealed record HealthReport(string Hostname, DateTimeOffset Time, IReadOnlyList<CheckResult> Results)
{
    internal bool IsHealthy => Results.All(result => result.Passed);
}

/// <summary>What one check said.</summary>
/// <param name="Checker">The name of the check.</param>
/// <param name="Output">A sentence.</param>
internal sealed record CheckResult(
    string Checker,
    string Output,
    bool Passed,
    DateTimeOffset Time,
    TimeSpan ResponseTime
);
