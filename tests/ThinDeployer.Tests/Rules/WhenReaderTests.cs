using ThinDeployer.Yaml;

namespace ThinDeployer.Tests.Rules;

/// <summary>What a reader of rules and variables says of mistakes.</summary>
public sealed class WhenReaderTests
{
    [Theory]
    [InlineData("when:", "1:6", "\"when\" must be a rule, such as")]
    [InlineData("when: x", "1:7", "\"when\" must be a rule, such as")]
    [InlineData("when: [{json: a, exists: true}]", "1:7", "must be one rule, not a list; write \"all:\" or \"any:\"")]
    [InlineData("when: {}", "1:7", "a rule has exactly one of: all, any, not, header")]
    [InlineData("when: {equals: a}", "1:7", "a rule has exactly one of")]
    [InlineData("when: {jsn: a, equals: b}", "1:8", "unknown key \"jsn\"; did you mean \"json\"?")]
    [InlineData("when: {json: a, equal: b}", "1:17", "unknown key \"equal\"; did you mean \"equals\"?")]
    [InlineData("when: {json: a, header: b, equals: c}", "1:7", "this one has \"header\" and \"json\"")]
    [InlineData("when: {json: a}", "1:7", "exactly one of: equals, in, matches, exists; write \"exists: true\"")]
    [InlineData("when: {json: a, equals: b, in: [c]}", "1:7", "exactly one of: equals, in, matches, exists")]
    [InlineData("when: {json: a, equals: }", "1:25", "\"equals\" is empty; write \"\"")]
    [InlineData("when: {json: a, equals: [b]}", "1:25", "\"equals\" must be a text")]
    [InlineData("when: {json: a, in: b}", "1:21", "\"in\" must be a list of at least one text")]
    [InlineData("when: {json: a, in: []}", "1:21", "\"in\" must be a list of at least one text")]
    [InlineData("when: {json: a, in: [[b]]}", "1:22", "\"in\" must hold texts only")]
    [InlineData("when: {json: a, matches: (}", "1:26", "\"matches\" is not a regular expression")]
    [InlineData("when: {json: a, matches: ''}", "1:26", "\"matches\" is empty")]
    [InlineData("when: {json: a, exists: maybe}", "1:25", "\"exists\" must be true or false")]
    [InlineData("when: {json: '', exists: true}", "1:14", "\"json\" is empty")]
    [InlineData(
        "when: {json: a..b, exists: true}",
        "1:14",
        "\"json\" must be a path such as commits.0.id; this one has an empty key"
    )]
    [InlineData("when: {header: 'a b', exists: true}", "1:16", "\"header\" must be the name of a header")]
    [InlineData("when: {query: [a], exists: true}", "1:15", "\"query\" must be a text, not a list")]
    [InlineData("when: {all: []}", "1:13", "\"all\" must be a list of at least one rule")]
    [InlineData(
        "when: {json: 'a[+]', exists: true}",
        "1:14",
        "this one has something else than a number or * in its brackets"
    )]
    [InlineData("when: {json: 'a[*]', matches: '^(?!x)'}", "1:31", "which a path with \"[*]\" can't have")]
    [InlineData("variables: {v: {json: 'a[*].b'}}", "1:23", "\"json\" of a variable can't have \"[*]\"")]
    [InlineData("when: {any: {json: a, exists: true}}", "1:13", "\"any\" must be a list of at least one rule")]
    [InlineData("when: {all: [{json: a, exists: true}, x]}", "1:39", "\"when.all[1]\" must be a rule")]
    [InlineData("when: {not: [{json: a, exists: true}]}", "1:13", "\"when.not\" must be one rule, not a list")]
    [InlineData("when: {not: {json: a, exists: true}, equals: b}", "1:46", "\"equals\" says nothing of \"not\"")]
    [InlineData("when: {address: 10.0.0.1, in: [a]}", "1:31", "\"in\" says nothing of \"address\"")]
    [InlineData("when: {address: 10.0.0.0/40}", "1:17", "\"address\" must be addresses or ranges of them")]
    [InlineData("when: {address: []}", "1:17", "\"address\" must be a list of at least one text")]
    [InlineData("when: {changed: ['!a']}", "1:17", "\"changed\": \"!a\" begins with \"!\"")]
    [InlineData("when: {changed: {a: b}}", "1:17", "\"changed\" must be a list of at least one text")]
    [InlineData("when: {json: a, equals: '${UNSET}'}", "1:25", "\"UNSET\" is not set")]
    [InlineData("variables: x", "1:12", "\"variables\" must be a map of a name")]
    [InlineData("variables: {token: {argument: a}}", "1:13", "names \"token\", which no placeholder can")]
    [InlineData("variables: {a: {argument: a}, A: {argument: a}}", "1:31", "has \"A\" twice, in other letters")]
    [InlineData("variables: {a: b}", "1:16", "the variable \"a\" must be a map that says where")]
    [InlineData(
        "variables: {a: {default: b}}",
        "1:16",
        "the variable \"a\" must have exactly one of: argument, header, json"
    )]
    [InlineData("variables: {a: {argument: b, json: c}}", "1:16", "must have exactly one of")]
    [InlineData("variables: {a: {argument: token}}", "1:27", "\"argument\" can't be \"token\"")]
    [InlineData("variables: {a: {header: x-auth-token}}", "1:25", "\"header\" can't be \"x-auth-token\"")]
    [InlineData("variables: {a: {argument: b, pattern: '(a)(b)'}}", "1:39", "\"pattern\" has 2 groups")]
    [InlineData("variables: {a: {argument: b, pattern: 'a)|(b'}}", "1:39", "\"pattern\" is not a regular expression")]
    [InlineData("variables: {a: {argument: b, default: [c]}}", "1:39", "\"default\" must be a text, not a list")]
    [InlineData(
        "variables: {a: {argument: b, choices: []}}",
        "1:39",
        "\"choices\" must be a list of at least one text"
    )]
    [InlineData("variables: {a: {argument: b, choices: c}}", "1:39", "\"choices\" must be a list of at least one text")]
    [InlineData("variables: {a: {argument: b, choices: }}", "1:39", "\"choices\" must be a list of at least one text")]
    [InlineData("variables: {a: {argument: b, choices: [c, [d]]}}", "1:43", "\"choices\" must hold texts only")]
    [InlineData("variables: {a: {argument: b, choices: [c, d, c]}}", "1:39", "\"choices\" has \"c\" twice")]
    [InlineData(
        "variables: {a: {argument: b, choices: [c, d], default: e}}",
        "1:56",
        "\"default\" is none of the \"choices\": \"c\", \"d\""
    )]
    [InlineData(
        "variables: {a: {argument: b, choices: [c], default: }}",
        "1:53",
        "\"default\" is none of the \"choices\""
    )]
    [InlineData(
        "variables: {a: {argument: b, alow_dash: yes}}",
        "1:30",
        "unknown key \"alow_dash\"; did you mean \"allow_dash\"?"
    )]
    public void A_mistake_is_named_with_its_place(string yaml, string place, string message)
    {
        _ = RuleSample.Read(yaml, out var problems);

        var problem = Assert.Single(problems, problem => problem.Severity == Severity.Mistake);
        Assert.Equal($"f.yml:{place}", problem.Place.ToString());
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("when: {json: a, matches: main}", "bind it by ^ and $")]
    [InlineData("when: {json: a, matches: '^[main|stage]$'}", "write \"(main|stage)\"")]
    [InlineData("when: {json: a, matches: '^(?=a)'}", "needs backtracking")]
    [InlineData("variables: {a: {json: a, pattern: '(?=a)'}}", "\"pattern\" needs backtracking")]
    [InlineData("variables: {a: {json: a, choices: [b, -c]}}", "has \"-c\", which no request can pass")]
    [InlineData(
        "variables: {a: {json: a, choices: [b, c1], pattern: '[a-z]'}}",
        "has \"c1\", which no request can pass"
    )]
    [InlineData("when: {changed: ['*.{js,ts}']}", "braces")]
    public void What_is_doubtful_is_a_warning(string yaml, string message)
    {
        _ = RuleSample.Read(yaml, out var problems);

        var problem = Assert.Single(problems);
        Assert.Equal(Severity.Warning, problem.Severity);
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("when: {json: a, matches: ^main}")]
    [InlineData("when: {changed: '[id]/{x}'}")]
    [InlineData("variables: {}")]
    [InlineData("variables: ")]
    [InlineData("variables: {a: {argument: x, choices: ['', -a, 1], default: -a}}")]
    [InlineData("variables: {a: {json: ref, choices: [main], pattern: 'refs/heads/(.*)'}}")]
    [InlineData("variables: {a.b-c: {argument: x, pattern: 'a', default: , allow_dash: yes}}")]
    public void What_is_good_is_read(string yaml)
    {
        _ = RuleSample.Read(yaml, out var problems);

        Assert.Empty(problems);
    }
}
