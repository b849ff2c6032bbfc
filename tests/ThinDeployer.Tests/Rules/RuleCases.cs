using System.Net;
using System.Text;
using CsCheck;
using ThinDeployer.Rules;

namespace ThinDeployer.Tests.Rules;

/// <summary>Any rules and any request, for what must hold of all.</summary>
internal static class RuleCases
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

    internal static readonly Gen<string> Trees = Gen.Recursive<string>(
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

    internal static readonly Gen<RuleRequest> Requests = Gen.Select(
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

    internal static void OrderDoesNotMatter(string[] trees, RuleRequest request)
    {
        var (there, back) = (string.Join(", ", trees), string.Join(", ", trees.Reverse()));
        foreach (var kind in (string[])["all", "any"])
        {
            Assert.Equal(
                RuleSample.Say($"{{{kind}: [{there}]}}", request),
                RuleSample.Say($"{{{kind}: [{back}]}}", request)
            );
        }
    }
}
