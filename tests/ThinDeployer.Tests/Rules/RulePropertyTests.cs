using System.Net;
using System.Text;
using CsCheck;
using ThinDeployer.Rules;

namespace ThinDeployer.Tests.Rules;

/// <summary>What holds for all rules and requests.</summary>
public sealed class RulePropertyTests
{
    private static readonly Gen<string> Leaves = Gen.Select(
        RuleSample.OneOf("json: a", "json: a.0", "json: 'a[0].b'", "json: 'a[*].c'", "header: X-A", "query: q"),
        RuleSample.OneOf(
            "equals: x",
            "equals: ''",
            "in: [x, y]",
            "matches: '^x'",
            "matches: '(x+)+\\1$'",
            "exists: true",
            "exists: false"
        ),
        (source, test) =>
            $"{{{source}, {(source.Contains('*') ? test.Replace(@"\1", "", StringComparison.Ordinal) : test)}}}"
    );

    private static readonly Gen<string> Simple = Gen.OneOf(
        Leaves,
        RuleSample.OneOf("{address: 10.0.0.0/8}", "{address: ['::/0', 192.0.2.1]}", "{changed: ['x/**', '*.y']}")
    );

    private static readonly Gen<string> Trees = Gen.Recursive<string>(
        (depth, tree) =>
            depth >= 4
                ? Simple
                : Gen.OneOf(
                    Simple,
                    tree.Select(inner => $"{{not: {inner}}}"),
                    tree.Array[1, 3].Select(inner => $"{{all: [{string.Join(", ", inner)}]}}"),
                    tree.Array[1, 3].Select(inner => $"{{any: [{string.Join(", ", inner)}]}}")
                )
    );

    internal static readonly Gen<string> Bodies = Gen.OneOf(
        RuleSample.OneOf(
            "",
            "{",
            "null",
            "[]",
            """{"a": "x"}""",
            """{"a": ["x", {"b": 1}], "commits": [{"added": ["x/1"]}]}""",
            """{"a": [{"b": "xx!"}], "commits": [{"modified": ["z"]}]}""",
            """{"a": null, "commits": [{}], "deleted": 1, "total_commits": "many"}""",
            """{"a": 1, "a": 2}"""
        ),
        Gen.String[Gen.Char["{}[]\",:ax1\\u0"], 0, 20]
    );

    private static readonly Gen<RuleRequest> Requests = Gen.Select(
        Bodies,
        RuleSample.OneOf("application/json", "text/plain", "application/x-www-form-urlencoded"),
        RuleSample.OneOf("x", "", "y", "xxxxxxxx!").Array[0, 2],
        RuleSample.OneOf<IPAddress?>(
            null,
            IPAddress.Loopback,
            IPAddress.Parse("10.1.1.1"),
            IPAddress.Parse("::ffff:192.0.2.1")
        ),
        (body, type, values, address) =>
            RuleSample.Request(
                Encoding.UTF8.GetBytes(body),
                address,
                [.. values.Select(value => ("q", value))],
                [("payload", body)],
                [("Content-Type", type), .. values.Select(value => ("X-A", value))]
            )
    );

    [Fact]
    public void Every_request_is_decided_or_not_and_nothing_is_thrown() =>
        Gen.Select(Trees, Requests)
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
        Gen.Select(Trees, Requests)
            .Sample(
                (tree, request) =>
                    RuleSample.Say(tree, request) == RuleSample.Say($"{{not: {{not: {tree}}}}}", request),
                iter: 2_000
            );

    [Fact]
    public void The_order_does_not_matter() =>
        Gen.Select(Trees.Array[2, 4], Requests)
            .Sample(
                (trees, request) =>
                {
                    foreach (var kind in (string[])["all", "any"])
                    {
                        var (there, back) = (string.Join(", ", trees), string.Join(", ", trees.Reverse()));

                        Assert.Equal(
                            RuleSample.Say($"{{{kind}: [{there}]}}", request),
                            RuleSample.Say($"{{{kind}: [{back}]}}", request)
                        );
                    }
                },
                iter: 2_000
            );

    [Fact]
    public void Not_all_is_any_not() =>
        Gen.Select(Trees.Array[1, 3], Requests)
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
