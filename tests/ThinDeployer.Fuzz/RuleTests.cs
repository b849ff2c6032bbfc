using CsCheck;
using ThinDeployer.Tests.Rules;

namespace ThinDeployer.Fuzz;

/// <summary>What holds for all rules and requests, where some hundred tries are few.</summary>
public sealed class RuleTests
{
    [Fact]
    public void The_order_does_not_matter() =>
        Gen.Select(RuleCases.Trees.Array[2, 4], RuleCases.Requests)
            .Search(share: 3, sample => RuleCases.OrderDoesNotMatter(sample.Item1, sample.Item2));
}
