using ThinDeployer.Rules;

namespace ThinDeployer.Tests.Rules;

public sealed class VariableTests
{
    [Theory]
    [InlineData("{argument: branch}", "main")]
    [InlineData("{argument: field}", "from a form")]
    [InlineData("{header: x-tag}", "v1.2")]
    [InlineData("{json: ref, pattern: 'refs/heads/(.*)'}", "main")]
    [InlineData("{json: n}", "1.50")]
    [InlineData("{json: flag}", "true")]
    [InlineData("{json: empty}", "")]
    [InlineData("{json: missing, default: x}", "x")]
    [InlineData("{json: none, default: -x}", "-x")]
    [InlineData("{json: list, default: x, pattern: y}", "x")]
    [InlineData("{argument: missing, default: }", "")]
    [InlineData("{json: dash, allow_dash: true}", "-f")]
    [InlineData("{json: dash, pattern: '-(.)'}", "f")]
    [InlineData("{argument: branch, choices: [stage, main]}", "main")]
    [InlineData("{json: ref, pattern: 'refs/heads/(.*)', choices: [main]}", "main")]
    [InlineData("{json: empty, choices: ['', a]}", "")]
    [InlineData("{argument: missing, choices: [a, b], default: b}", "b")]
    public void It_has_a_value(string variable, string expected)
    {
        var given = Assert.IsType<VariableValues.Given>(Values(variable));

        Assert.Equal([KeyValuePair.Create("v", expected)], given.Values);
    }

    [Theory]
    [InlineData("{argument: twice, default: x}", "The variable \"v\" came 2 times (argument twice)")]
    [InlineData("{argument: both, pattern: '[a-z]*'}", "came 2 times (argument both); its pattern is [a-z]*")]
    [InlineData("{header: X-Twice}", "came 2 times (header X-Twice)")]
    [InlineData("{argument: missing}", "The variable \"v\" has no value: argument missing is missing")]
    [InlineData("{json: list, pattern: a}", "has no value: json list is a list; its pattern is a")]
    [InlineData("{json: ref, pattern: 'main|stage'}", "The variable \"v\" does not match; its pattern is main|stage")]
    [InlineData("{json: ref, pattern: 'refs/(tags/.*)|refs/heads/.*'}", "does not match")]
    [InlineData("{json: ref, pattern: main, default: x}", "does not match")]
    [InlineData("{json: dash}", "must not begin with \"-\"")]
    [InlineData("{json: ref, pattern: 'refs(?=/)(.).*', default: x}", null)]
    [InlineData("{json: inner, pattern: 'x(.*)'}", "must not begin with \"-\"")]
    [InlineData(
        "{argument: branch, choices: [Main, mai, main2]}",
        "none of its choices; its choices are \"Main\", \"mai\""
    )]
    [InlineData("{argument: branch, choices: [a], default: a}", "is none of its choices")]
    [InlineData("{json: ref, pattern: 'refs/(.*)', choices: [heads]}", "is none of its choices")]
    [InlineData(
        "{argument: branch, pattern: x, choices: [x]}",
        "does not match; its pattern is x; its choices are \"x\""
    )]
    [InlineData("{json: nul}", "holds a NUL character")]
    [InlineData("{json: long}", "is longer than 4096 bytes")]
    public void It_is_refused_with_its_name_and_pattern_and_without_its_value(string variable, string? complaint)
    {
        var values = Values(variable);

        if (complaint is null)
        {
            Assert.IsType<VariableValues.Given>(values);
            return;
        }

        var refused = Assert.IsType<VariableValues.Refused>(values);
        Assert.Contains(complaint, refused.Complaint, StringComparison.Ordinal);
        Assert.DoesNotContain("refs/heads/main", refused.Complaint, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_many_choices_the_first_are_named_and_the_others_counted()
    {
        var refused = Assert.IsType<VariableValues.Refused>(
            Values($"{{argument: branch, choices: [{string.Join(", ", Enumerable.Range(1, 25))}]}}")
        );

        Assert.EndsWith("\"9\", \"10\" and 15 more", refused.Complaint, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{argument: a, choices: [a, b]}", "b", true)]
    [InlineData("{argument: a, choices: [a, b]}", "c", false)]
    [InlineData("{argument: a, choices: [a, b], pattern: '(a)|(?:b)'}", "c", false)]
    [InlineData("{argument: a, choices: [a, b], default: a}", null, true)]
    [InlineData("{argument: a, choices: [a, b]}", null, false)]
    public void A_value_of_an_old_deployment_is_one_of_the_choices_of_now(string variable, string? passed, bool holds)
    {
        Dictionary<string, string> values = passed is null ? [] : new() { ["v"] = passed };

        var again = RuleSample.Section($"variables: {{v: {variable}}}").Variables!.Again(values);

        Assert.Equal(holds, again is VariableValues.Given);
    }

    [Fact]
    public void Choices_tell_which_characters_a_value_may_have()
    {
        var variables = RuleSample
            .Section("variables: {v: {argument: a, pattern: '.*', choices: [a-b, c.d]}}")
            .Variables!;

        Assert.Equal("-.", variables.Alphabets["v"]);
    }

    [Fact]
    public void What_takes_too_long_to_check_is_refused()
    {
        var section = RuleSample.Section("variables: {v: {header: X-A, pattern: '(a+)+\\1'}}");
        var request = RuleSample.Request("", ("X-A", new string('a', 60) + "!"));

        Assert.IsType<VariableValues.Refused>(section.Variables!.From(request));
    }

    [Fact]
    public void Every_declared_one_is_given_and_no_other()
    {
        var section = RuleSample.Section("variables: {a: {argument: x}, b: {argument: y, default: z}}");
        var request = RuleSample.Request([], address: null, [("x", "1"), ("c", "2")], []);

        var given = Assert.IsType<VariableValues.Given>(section.Variables!.From(request));

        Assert.Equal(["a=1", "b=z"], given.Values.Select(pair => $"{pair.Key}={pair.Value}").Order());
    }

    private static VariableValues Values(string variable)
    {
        var body = $$"""
            {"ref": "refs/heads/main", "n": 1.50, "flag": true, "empty": "", "none": null, "list": [], "dash": "-f",
             "inner": "x-y", "nul": "a\u0000b", "long": "{{new string('x', 4_097)}}"}
            """;
        var request = RuleSample.Request(
            System.Text.Encoding.UTF8.GetBytes(body),
            address: null,
            [("branch", "main"), ("twice", "a"), ("twice", "a"), ("both", "a")],
            [("field", "from a form"), ("both", "a")],
            RuleSample.Json,
            ("X-Tag", "v1.2"),
            ("X-Twice", "a"),
            ("X-Twice", "a")
        );
        return RuleSample.Section($"variables: {{v: {variable}}}").Variables!.From(request);
    }
}
