using System.Text;
using System.Text.RegularExpressions;
using CsCheck;
using ThinDeployer.Configuration;
using ThinDeployer.Identities;
using ThinDeployer.Yaml;

namespace ThinDeployer.Tests.Identities;

/// <summary>What a configuration says of the jobs that are let in.</summary>
public sealed class IdentityReaderTests : IDisposable
{
    private const string Good = "issuer: https://ci.example, audience: us, claims: {repository: acme/shop}";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(Good, "ci.example: https://ci.example for us, if repository is acme/shop")]
    [InlineData(
        "issuer: https://ci.example, audience: us, claims: {ref: [main, 'v*'], protected: true}, name: forge",
        "forge: https://ci.example for us, if ref is main or v* and protected is true"
    )]
    [InlineData(
        "issuer: http://127.0.0.1:99/ci, audience: us, claims: {sub: job}",
        "127.0.0.1: http://127.0.0.1:99/ci for us, if sub is job"
    )]
    public void It_is_a_credential_of_its_own(string keys, string rule)
    {
        var snapshot = Read($"identity: [{{{keys}}}]");

        Assert.Empty(snapshot.Mistakes);
        Assert.Equal([rule], snapshot.Services["shop"].Credentials.Identities.Select(one => one.ToString()));
        Assert.False(snapshot.Services["shop"].Credentials.CanBeGuessed);
        Assert.Single(snapshot.Issuers);
    }

    [Theory]
    [InlineData("identity: []", "\"identity\" is empty")]
    [InlineData("identity: ~", "\"identity\" is empty")]
    [InlineData("identity: {issuer: a}", "\"identity\" must be a list, not a map")]
    [InlineData("identity: [a]", "an entry of \"identity\" must be a map, such as {issuer: https://…, audience:")]
    [InlineData("identity: [{audience: us, claims: {a: b}}]", "\"issuer\" is missing; name who signs the tokens")]
    [InlineData("identity: [{issuer: https://ci.example, claims: {a: b}}]", "\"audience\" is missing; name what")]
    [InlineData("identity: [{issuer: https://ci.example, audience: us}]", "\"claims\" is missing or empty, so any job")]
    [InlineData(
        "identity: [{issuer: https://ci.example, audience: us, claims: {}}]",
        "\"claims\" is missing or empty, so any job"
    )]
    [InlineData(
        "identity: [{issuer: https://ci.example, audience: us, claims: {a: {b: c}}}]",
        "the claim \"a\" must be a text, or a list of texts"
    )]
    [InlineData(
        "identity: [{issuer: https://ci.example, audience: us, claims: {a: []}}]",
        "the claim \"a\" must have 1 to 50 texts"
    )]
    [InlineData(
        "identity: [{issuer: https://ci.example, audience: us, claims: {a: ''}}]",
        "the claim \"a\" must be a text, or a list of texts"
    )]
    [InlineData(
        "identity: [{issuer: http://ci.example, audience: us, claims: {a: b}}]",
        "\"issuer\" must be an https address without a query"
    )]
    [InlineData(
        "identity: [{issuer: 'https://ci.example/?a', audience: us, claims: {a: b}}]",
        "\"issuer\" must be an https address without a query"
    )]
    [InlineData(
        "identity: [{issuer: https://ci.example, audience: us, claim: {a: b}, claims: {a: b}}]",
        "unknown key \"claim\"; did you mean \"claims\"?"
    )]
    [InlineData(
        "identity: [{issuer: https://token.actions.githubusercontent.com, audience: us, claims: {ref: main}}]",
        "anybody's job at https://token.actions.githubusercontent.com could have these claims"
    )]
    [InlineData(
        "identity: [{issuer: https://gitlab.com, audience: us, claims: {project_path: '*/shop'}}]",
        "anybody's job at https://gitlab.com could have these claims"
    )]
    [InlineData(
        "identity: [{issuer: https://token.actions.githubusercontent.com, audience: us, claims: {sub: 'repo:*'}}]",
        "anybody's job at https://token.actions.githubusercontent.com could have these claims"
    )]
    [InlineData(
        "identity: [{issuer: https://token.actions.githubusercontent.com, audience: us, claims: {repository: [acme/shop, 'acme*']}}]",
        "anybody's job at https://token.actions.githubusercontent.com could have these claims"
    )]
    public void What_is_wrong_with_it_is_said(string keys, string mistake)
    {
        var problem = Read(keys).Problems.First(one => one.Severity is Severity.Mistake);

        Assert.StartsWith(mistake, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Whose_job_it_is_makes_a_public_issuer_safe() =>
        Assert.Empty(
            Read(
                "identity: [{issuer: https://token.actions.githubusercontent.com, audience: us, claims: {repository: 'acme/*'}}]"
            ).Mistakes
        );

    [Theory]
    [InlineData("main", "main", true)]
    [InlineData("main", "Main", false)]
    [InlineData("main", "mains", false)]
    [InlineData("refs/tags/v*", "refs/tags/v1.2", true)]
    [InlineData("refs/tags/v*", "refs/tags/w", false)]
    [InlineData("*", "", true)]
    [InlineData("a*a", "a", false)]
    [InlineData("a*b*c", "a-b-c", true)]
    [InlineData("a*b*c", "a-c-b", false)]
    [InlineData("repo:acme/*:ref:*", "repo:acme/shop:ref:refs/heads/main", true)]
    public void A_star_stands_for_any_characters(string text, string value, bool isMeant) =>
        Assert.Equal(isMeant, ClaimRule.Matches(text, value));

    [Fact]
    public void It_means_what_a_pattern_would_mean() =>
        Gen.Select(Pick('a', 'b', '*').Array[0, 8], Pick('a', 'b').Array[0, 12])
            .Sample(
                (text, value) =>
                {
                    var pattern = Regex.Escape(new string(text)).Replace("\\*", ".*", StringComparison.Ordinal);
                    Assert.Equal(
                        Regex.IsMatch(
                            new string(value),
                            $"^(?:{pattern})\\z",
                            RegexOptions.NonBacktracking,
                            TimeSpan.FromSeconds(1)
                        ),
                        ClaimRule.Matches(new string(text), new string(value))
                    );
                }
            );

    private ConfigurationSnapshot Read(string keys)
    {
        var path = _folder.Write("main.yml", Encoding.UTF8.GetBytes($"shop: {{pwd: ., commands: [ls], {keys}}}\n"));
        File.SetUnixFileMode(path, UnixFileMode.UserRead);
        return ConfigurationReader.Read(path, _ => null, _folder.FullName);
    }

    private static Gen<T> Pick<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(at => values[at]);
}
