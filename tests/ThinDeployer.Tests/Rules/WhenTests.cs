using System.Net;
using ThinDeployer.Rules;

namespace ThinDeployer.Tests.Rules;

/// <summary>What rules say of requests.</summary>
public sealed class WhenTests
{
    private const string Body = """
        {"ref": "refs/heads/main", "n": 1.0, "yes": true, "no": false, "none": null, "list": [1], "map": {}, "empty": ""}
        """;

    [Theory]
    [InlineData("{json: ref, equals: refs/heads/main}", true)]
    [InlineData("{json: ref, equals: '${BRANCH}'}", true)]
    [InlineData("{json: ref, equals: refs/heads/Main}", false)]
    [InlineData("{json: n, equals: 1.0}", true)]
    [InlineData("{json: n, equals: 1}", false)]
    [InlineData("{json: 'yes', equals: true}", true)]
    [InlineData("{json: 'no', equals: false}", true)]
    [InlineData("{json: empty, equals: ''}", true)]
    [InlineData("{json: none, equals: ''}", false)]
    [InlineData("{json: none, exists: true}", false)]
    [InlineData("{json: none, exists: false}", true)]
    [InlineData("{json: list, exists: yes}", true)]
    [InlineData("{json: list.0, in: [1, 2]}", true)]
    [InlineData("{json: ref, in: [a, refs/heads/main]}", true)]
    [InlineData("{json: ref, in: [a, b]}", false)]
    [InlineData("{json: ref, matches: heads/m}", true)]
    [InlineData("{json: ref, matches: ^heads}", false)]
    [InlineData("{json: n, matches: '^1\\.0$'}", true)]
    [InlineData("{header: x-one, equals: a}", true)]
    [InlineData("{header: X-TWO, equals: a}", false)]
    [InlineData("{header: X-Two, exists: true}", true)]
    [InlineData("{header: X-Three, exists: true}", false)]
    [InlineData("{query: one, equals: a}", true)]
    [InlineData("{query: two, matches: a}", false)]
    [InlineData("{query: form, exists: true}", false)]
    [InlineData("{query: empty, equals: ''}", true)]
    [InlineData("{address: 192.0.2.0/24}", true)]
    [InlineData("{address: [10.0.0.0/8, 192.0.2.1]}", true)]
    [InlineData("{address: ['::/0']}", false)]
    [InlineData("{all: [{json: ref, exists: true}, {header: X-One, exists: true}]}", true)]
    [InlineData("{all: [{json: ref, exists: true}, {header: X-One, exists: false}]}", false)]
    [InlineData("{any: [{json: ref, exists: false}, {header: X-One, exists: true}]}", true)]
    [InlineData("{not: {not: {json: ref, exists: true}}}", true)]
    [InlineData("{changed: ['**']}", true)]
    public void A_rule_matches_or_not(string when, bool matches)
    {
        var request = RuleSample.Request(
            System.Text.Encoding.UTF8.GetBytes(Body),
            IPAddress.Parse("::ffff:192.0.2.1"),
            [("one", "a"), ("two", "a"), ("two", "a"), ("empty", "")],
            [("form", "a")],
            RuleSample.Json,
            ("X-One", "a"),
            ("X-Two", "a"),
            ("X-Two", "b")
        );

        Assert.Equal(Outcomes.Of(matches), RuleSample.Say(when, request));
    }

    [Theory]
    [InlineData("json: missing")]
    [InlineData("json: none")]
    [InlineData("json: list")]
    [InlineData("json: map")]
    [InlineData("header: X-Two")]
    [InlineData("header: X-Three")]
    [InlineData("query: nothing")]
    public void A_comparison_with_what_is_not_one_value_is_false_and_its_not_is_true(string source)
    {
        foreach (var test in (string[])["equals: a", "in: [a, '']", "matches: '^'"])
        {
            var request = RuleSample.Request(Body, RuleSample.Json, ("X-Two", "a"), ("X-Two", "a"));

            Assert.Equal(Outcome.False, RuleSample.Say($"{{{source}, {test}}}", request));
            Assert.Equal(Outcome.True, RuleSample.Say($"{{not: {{{source}, {test}}}}}", request));
        }
    }

    [Fact]
    public void Without_an_address_no_range_holds_it() =>
        Assert.Equal(Outcome.False, RuleSample.Say("{address: 0.0.0.0/0}", RuleSample.Request()));

    [Fact]
    public void Without_json_its_values_are_missing_and_all_counts_as_changed()
    {
        var request = RuleSample.Request("ref=refs/heads/main");

        Assert.Equal(Outcome.False, RuleSample.Say("{json: ref, exists: true}", request));
        Assert.Equal(Outcome.True, RuleSample.Say("{changed: [src/**]}", request));
    }

    [Theory]
    [InlineData("when: {json: a, exists: true}", true)]
    [InlineData("when: {any: [{address: 0.0.0.0/0}, {not: {json: a, exists: true}}]}", true)]
    [InlineData("when: {changed: [a]}", true)]
    [InlineData("variables: {a: {json: b, default: ''}}", true)]
    [InlineData("when: {header: Content-Type, exists: true}", false)]
    [InlineData("variables: {a: {argument: b, default: ''}}", false)]
    [InlineData("request_regexp: '^{'", false)]
    public void A_broken_body_decides_nothing_where_it_is_needed(string yaml, bool isNeeded)
    {
        var section = RuleSample.Section(yaml);

        var verdict = section.Decide(RuleSample.Request("{", RuleSample.Json)).Verdict;

        Assert.Equal(isNeeded, section.NeedsPayload);
        Assert.Equal(isNeeded, verdict is Verdict.Undecided);
    }

    [Fact]
    public void What_takes_too_long_is_not_decided_unless_it_does_not_matter()
    {
        const string slow = "{header: X-A, matches: '^(a+)+\\1$'}";
        var request = RuleSample.Request("", ("X-A", new string('a', 60) + "!"));

        Assert.Equal(Outcome.Undecided, RuleSample.Say(slow, request));
        Assert.Equal(Outcome.Undecided, RuleSample.Say($"{{not: {slow}}}", request));
        Assert.Equal(Outcome.False, RuleSample.Say($"{{all: [{slow}, {{header: X-B, exists: true}}]}}", request));
        Assert.Equal(Outcome.True, RuleSample.Say($"{{any: [{slow}, {{header: X-A, exists: true}}]}}", request));
    }

    [Theory]
    [InlineData("request_regexp: x", "request_regexp")]
    [InlineData("when: {json: ref, equals: a}", "when: json ref equals \"a\"")]
    [InlineData("when: {json: ref, equals: '${BRANCH}x'}", "when: json ref equals \"${BRANCH}x\"")]
    [InlineData(
        "when: {all: [{json: ref, exists: true}, {json: ref, in: [a, b]}, {json: x, exists: true}]}",
        "when.all[1]: json ref in \"a\", \"b\""
    )]
    [InlineData("when: {not: {json: ref, matches: ^r}}", "when: not json ref matches \"^r\"")]
    [InlineData("when: {any: [{json: a, exists: true}, {address: 10.0.0.0/8}]}", "when: any of 2 rules")]
    [InlineData("when: {any: [{all: [{json: ref, exists: false}]}]}", "when.any[0].all[0]: json ref does not exist")]
    [InlineData("when: {header: X-My-Token, equals: abc}", "when: header X-My-Token equals ***")]
    [InlineData("when: {changed: [docs/]}", "when: changed \"docs/\"")]
    public void The_reason_names_the_rule(string yaml, string reason)
    {
        var request = RuleSample.Request(
            """{"ref": "refs/heads/main", "commits": [{"added": ["a"]}]}""",
            RuleSample.Json,
            ("X-My-Token", "seen")
        );

        var verdict = RuleSample.Section(yaml).Decide(request).Verdict;

        Assert.Equal(new Verdict.DoesNotMatch(reason), verdict);
    }

    [Fact]
    public void The_trace_says_what_every_rule_saw()
    {
        var section = RuleSample.Section(
            """
            request_regexp: ref
            when:
              all:
                - {json: ref, equals: x}
                - not: {header: X-Secret, exists: true}
                - any: [{changed: [docs/]}, {address: 10.0.0.1}]
            """
        );
        var request = RuleSample.Request(
            """{"ref": "refs/heads/main", "commits": [{"added": ["a"]}]}""",
            RuleSample.Json,
            ("X-Secret", "hidden")
        );

        var trace = section.Decide(request).Trace;

        Assert.Equal(
            [
                new TraceLine("request_regexp", 0, "found in the body", Outcome.True, "searched: the body"),
                new TraceLine("when", 0, "all of 3 rules", Outcome.False, ""),
                new TraceLine("when.all[0]", 1, "json ref equals \"x\"", Outcome.False, "it is \"refs/heads/main\""),
                new TraceLine("when.all[1]", 1, "not header X-Secret exists", Outcome.False, ""),
                new TraceLine("when.all[1].not", 2, "header X-Secret exists", Outcome.True, "it is ***"),
                new TraceLine("when.all[2]", 1, "any of 2 rules", Outcome.False, ""),
                new TraceLine("when.all[2].any[0]", 2, "changed \"docs/\"", Outcome.False, "none of 1 paths"),
                new TraceLine(
                    "when.all[2].any[1]",
                    2,
                    "address in 10.0.0.1",
                    Outcome.False,
                    "the address is not known"
                ),
            ],
            trace
        );
    }

    [Theory]
    [InlineData("equals: main", true, "value 2: it is \"main\"")]
    [InlineData("in: [other, main]", true, "value 2: it is \"main\"")]
    [InlineData("matches: '^d'", true, "value 1: it is \"develop\"")]
    [InlineData("equals: other", false, "none of 3 values")]
    [InlineData("exists: true", true, "value 1: it is \"develop\"")]
    [InlineData("exists: false", false, "value 1: it is \"develop\"")]
    public void Any_of_a_list_is_enough(string test, bool matches, string detail)
    {
        var request = RuleSample.Request(
            """{"changes": [{"new": {"name": "develop"}}, {"new": {"name": "main"}}, {"new": null}, {"new": {"name": 1}}]}""",
            RuleSample.Json
        );

        var line = Assert.Single(
            RuleSample.Section($"when: {{json: 'changes[*].new.name', {test}}}").Decide(request).Trace
        );

        Assert.Equal((Outcomes.Of(matches), detail), (line.Outcome, line.Detail));
    }

    [Theory]
    [InlineData("""{"changes": []}""")]
    [InlineData("""{"changes": "main"}""")]
    [InlineData("""{"changes": {"0": "main"}}""")]
    [InlineData("{}")]
    public void Of_nothing_no_comparison_is_true(string body)
    {
        var request = RuleSample.Request(body, RuleSample.Json);

        Assert.Equal(Outcome.False, RuleSample.Say("{json: 'changes[*]', equals: main}", request));
        Assert.Equal(Outcome.True, RuleSample.Say("{not: {json: 'changes[*]', equals: main}}", request));
        Assert.Equal(Outcome.True, RuleSample.Say("{json: 'changes[*]', exists: false}", request));
    }

    /// <summary>The trap that docs/rules.md names.</summary>
    [Fact]
    public void Two_rules_may_be_true_of_two_different_elements()
    {
        var request = RuleSample.Request(
            """{"changes": [{"type": "tag", "name": "main"}, {"type": "branch", "name": "develop"}]}""",
            RuleSample.Json
        );

        Assert.Equal(
            Outcome.True,
            RuleSample.Say(
                "{all: [{json: 'changes[*].type', equals: branch}, {json: 'changes[*].name', equals: main}]}",
                request
            )
        );
    }

    [Theory]
    [InlineData("json: ref, equals: x", "it is missing; the body does not count as JSON")]
    [InlineData("changed: [docs/]", "it counts as changed, because the body does not count as JSON")]
    public void A_rule_says_that_a_body_does_not_count_as_json(string rule, string detail)
    {
        var request = RuleSample.Request("""{"ref": "x"}""", ("Content-Type", "text/plain"));

        var line = Assert.Single(RuleSample.Section($"when: {{{rule}}}").Decide(request).Trace);

        Assert.StartsWith(detail, line.Detail, StringComparison.Ordinal);
        Assert.EndsWith("send -H \"Content-Type: application/json\"", line.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_shown_is_short_and_on_one_line()
    {
        var section = RuleSample.Section(
            $"when: {{json: a, in: [{string.Join(',', Enumerable.Repeat("long-text", 100))}]}}"
        );
        var request = RuleSample.Request(
            $"{{\"a\": \"{string.Concat(Enumerable.Repeat("\\n", 5_000))}\"}}",
            RuleSample.Json
        );

        var line = Assert.Single(section.Decide(request).Trace);

        Assert.InRange(line.Rule.Length, 1, 200);
        Assert.InRange(line.Detail.Length, 1, 200);
        Assert.DoesNotContain('\n', line.Detail);
    }

    [Fact]
    public void Without_rules_every_request_matches() =>
        Assert.IsType<Verdict.Matches>(RulesSection.Nothing.Decide(RuleSample.Request("{", RuleSample.Json)).Verdict);

    [Fact]
    public void It_says_which_arguments_it_looks_at()
    {
        var section = RuleSample.Section(
            "when: {any: [{query: a, exists: true}, {header: b, exists: true}]}\nvariables: {c: {argument: d}, e: {json: f}}"
        );

        Assert.Equal(["a", "d", "payload"], section.ArgumentNames.Order());
    }
}
