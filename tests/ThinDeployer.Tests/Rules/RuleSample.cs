using System.Net;
using System.Text;
using CsCheck;
using ThinDeployer.Rules;
using ThinDeployer.Yaml;

namespace ThinDeployer.Tests.Rules;

/// <summary>Requests and rules for tests.</summary>
internal static class RuleSample
{
    internal static readonly (string, string) Json = ("Content-Type", "application/json");

    internal static RuleRequest Request(string body = "", params (string Name, string Value)[] headers) =>
        Request(Encoding.UTF8.GetBytes(body), address: null, [], [], headers);

    internal static RuleRequest From(string address) => Request([], IPAddress.Parse(address), [], []);

    internal static RuleRequest Request(
        byte[] body,
        IPAddress? address,
        (string Name, string Value)[] query,
        (string Name, string Value)[] form,
        params (string Name, string Value)[] headers
    ) =>
        new()
        {
            Method = "POST",
            Headers = name =>
                [
                    .. headers
                        .Where(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
                        .Select(header => header.Value),
                ],
            Query = name => Find(query, name),
            Form = name => Find(form, name) is var (count, first) ? (count, Encoding.UTF8.GetBytes(first)) : default,
            Body = body,
            Address = address,
        };

    internal static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(at => values[at]);

    /// <summary>Keys of a service, without a mistake.</summary>
    internal static RulesSection Section(string yaml)
    {
        var section = Read(yaml, out var problems);
        Assert.DoesNotContain(problems, problem => problem.Severity == Severity.Mistake);
        return section;
    }

    internal static RulesSection Read(string yaml, out Problems problems)
    {
        problems = new Problems();
        var map = YamlFile.Parse("f.yml", yaml, new NodeBudget(), problems)!;
        var keys = new MapReader(map, new ReadingContext(problems, "shop", Environment, "/home/user"));
        var section = RulesReader.Read(keys, name => name.Length is > 0 and <= 64 && name != "token");
        keys.Finish();
        return section;
    }

    internal static Outcome Say(string when, RuleRequest request) =>
        Section($"when: {when}").Decide(request).Verdict switch
        {
            Verdict.Matches => Outcome.True,
            Verdict.DoesNotMatch => Outcome.False,
            _ => Outcome.Undecided,
        };

    private static string? Environment(string name) => name == "BRANCH" ? "refs/heads/main" : null;

    private static (int Count, string First) Find((string Name, string Value)[] arguments, string name)
    {
        var values = arguments.Where(argument => argument.Name == name).Select(argument => argument.Value).ToList();
        return (values.Count, values.FirstOrDefault(""));
    }
}
