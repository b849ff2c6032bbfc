using CsCheck;
using ThinDeployer.Rules;

namespace ThinDeployer.Tests.Rules;

/// <summary>What holds for all rules and requests.</summary>
public sealed class RulePropertyTests
{
    [Fact]
    public void Every_request_is_decided_or_not_and_nothing_is_thrown() =>
        Gen.Select(RuleCases.Trees, RuleCases.Requests)
            .Sample(
                (tree, request) =>
                {
                    var decision = RuleSample.Section($"when: {tree}").Decide(request);
                    Assert.All(decision.Trace, line => Assert.InRange(line.Detail.Length + line.Rule.Length, 1, 400));
                    Assert.True(
                        decision.Verdict
                            is Verdict.Matches
                                or Verdict.DoesNotMatch { Reason.Length: > 0 }
                                or Verdict.Undecided { Reason.Length: > 0 }
                    );
                },
                iter: 3_000
            );

    /// <summary>"[*]" is "any" over all indexes, and "exists: false" the opposite of "exists: true".</summary>
    [Fact]
    public void A_star_is_any_of_its_indexes()
    {
        const int most = 4;
        var leaf = RuleSample.OneOf("\"x\"", "\"y\"", "null", "1", "[\"x\"]", "{\"b\": \"x\"}", "{\"b\": null}", "{}");
        var list = leaf.Array[0, most].Select(items => $"[{string.Join(", ", items)}]");
        var body = Gen.OneOf(leaf, list, list.Array[0, most].Select(items => $"[{string.Join(", ", items)}]"))
            .Select(value => RuleSample.Request($"{{\"a\": {value}}}", RuleSample.Json));
        Gen.Select(
                RuleSample.OneOf("a[*]", "a[*].b", "a[*][*]", "a[*][0].b", "a[0][*]"),
                RuleSample.OneOf("equals: x", "in: [x, y]", "matches: '^x'", "exists: true", "exists: false"),
                body
            )
            .Sample(
                (path, test, request) =>
                {
                    var (wanted, isOpposite) = test == "exists: false" ? ("exists: true", true) : (test, false);
                    var each = Indexed(path).Select(one => RuleSample.Say($"{{json: '{one}', {wanted}}}", request));
                    var any = Outcomes.Any(each);

                    Assert.Equal(
                        isOpposite ? Outcomes.Not(any) : any,
                        RuleSample.Say($"{{json: '{path}', {test}}}", request)
                    );
                },
                iter: 1_000
            );

        static IEnumerable<string> Indexed(string path) =>
            path.IndexOf('*', StringComparison.Ordinal) is >= 0 and var at
                ? Enumerable.Range(0, most).SelectMany(index => Indexed($"{path[..at]}{index}{path[(at + 1)..]}"))
                : [path];
    }

    [Fact]
    public void Not_not_is_nothing() =>
        Gen.Select(RuleCases.Trees, RuleCases.Requests)
            .Sample(
                (tree, request) =>
                    RuleSample.Say(tree, request) == RuleSample.Say($"{{not: {{not: {tree}}}}}", request),
                iter: 2_000
            );

    /// <summary>ThinDeployer.Fuzz searches for longer.</summary>
    [Fact]
    public void The_order_does_not_matter() =>
        Gen.Select(RuleCases.Trees.Array[2, 4], RuleCases.Requests)
            .Sample((trees, request) => RuleCases.OrderDoesNotMatter(trees, request), iter: 300);

    [Fact]
    public void Not_all_is_any_not() =>
        Gen.Select(RuleCases.Trees.Array[1, 3], RuleCases.Requests)
            .Sample(
                (trees, request) =>
                    RuleSample.Say($"{{not: {{all: [{string.Join(", ", trees)}]}}}}", request)
                    == RuleSample.Say(
                        $"{{any: [{string.Join(", ", trees.Select(tree => $"{{not: {tree}}}"))}]}}",
                        request
                    ),
                iter: 2_000
            );
}
