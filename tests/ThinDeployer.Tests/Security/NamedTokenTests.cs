using System.Text;
using ThinDeployer.Configuration;
using ThinDeployer.Security;
using ThinDeployer.Yaml;

namespace ThinDeployer.Tests.Security;

/// <summary>What a configuration may say of a token beside its text.</summary>
public sealed class NamedTokenTests : IDisposable
{
    private const string Text = "value: a-token-of-good-length";

    private static readonly DateTimeOffset Now = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("ci: a-token-of-good-length", "Default")]
    [InlineData("ci: {value: a-token-of-good-length}", "Default")]
    [InlineData("ci: {value: a-token-of-good-length, may: }", "Default")]
    [InlineData("ci: {value: a-token-of-good-length, may: [deploy]}", "Deploy")]
    [InlineData("ci: {value: a-token-of-good-length, may: [approve, read]}", "Approve, Read")]
    [InlineData(
        "ci: {value: a-token-of-good-length, may: [deploy, read, cancel, approve, pause, rollback, read]}",
        "All"
    )]
    public void It_may_what_is_said_and_by_default_all_but_approve(string token, string may)
    {
        var read = Assert.Single(Tokens($"{{{token}}}"));

        Assert.Equal(("ci", Enum.Parse<Rights>(may)), (read.Name, read.May));
    }

    [Theory]
    [InlineData("a-token-of-good-length")]
    [InlineData("[a-token-of-good-length]")]
    public void One_without_a_name_may_all_but_approve(string token) =>
        Assert.Equal((null, Rights.Default), (Tokens(token)[0].Name, Tokens(token)[0].May));

    [Fact]
    public void Each_line_of_its_file_is_one_and_may_the_same()
    {
        _ = _folder.Write("ci.tokens", "# two\nfirst-token-of-the-file\n\nsecond-token-of-the-file\n"u8.ToArray());

        var tokens = Tokens("{ci: {file: ci.tokens, may: [read], until: 2026-05-01}}");

        Assert.Equal(2, tokens.Count);
        Assert.All(
            tokens,
            token => Assert.Equal(("ci", Rights.Read, true), (token.Name, token.May, token.Until is not null))
        );
    }

    [Theory]
    [InlineData("2026-01-31", "2026-02-01T00:00:00Z")]
    [InlineData("2026-01-31T18:00Z", "2026-01-31T18:00:00Z")]
    [InlineData("2026-01-31T18:00:30.5Z", "2026-01-31T18:00:30.5Z")]
    [InlineData("2026-01-31T18:00:00+02:00", "2026-01-31T16:00:00Z")]
    [InlineData("9999-12-31", "9999-12-31T23:59:59.9999999Z")]
    public void A_day_counts_to_its_end_and_a_time_has_a_zone(string written, string end) =>
        Assert.Equal(
            DateTimeOffset.Parse(end, System.Globalization.CultureInfo.InvariantCulture),
            TokenEnd.Parse(written)
        );

    [Theory]
    [InlineData("2026-02-30")]
    [InlineData("31.01.2026")]
    [InlineData("2026-01-31T18:00:00")]
    [InlineData("2026-01-31 18:00:00Z")]
    [InlineData("2026-01-31T25:00:00Z")]
    [InlineData("soon")]
    public void Anything_else_is_no_end(string written) => Assert.Null(TokenEnd.Parse(written));

    [Theory]
    [InlineData("2026-01-30", "has ended (2026-01-30)")]
    [InlineData("2026-01-31T12:00:00Z", "has ended (2026-01-31T12:00:00Z)")]
    [InlineData("2026-01-31", "ends soon (2026-01-31)")]
    [InlineData("2026-02-13", "ends soon (2026-02-13)")]
    [InlineData("2026-02-14", null)]
    public void An_end_that_is_past_or_near_is_warned_of(string until, string? warning)
    {
        var snapshot = Read($"{{ci: {{{Text}, until: '{until}'}}}}");

        Assert.Empty(snapshot.Mistakes);
        Assert.Equal(
            warning is null ? [] : [warning],
            snapshot.Problems.Where(problem => problem.Place.Line == 2).Select(problem => Cut(problem.Message))
        );

        static string Cut(string message) => message["the token \"ci\" ".Length..(message.IndexOf(')') + 1)];
    }

    [Theory]
    [InlineData("may: [deploi]", "unknown right \"deploi\"; did you mean \"deploy\"?")]
    [InlineData("may: [sudo]", "unknown right \"sudo\"; known here: deploy, read, cancel, approve, pause, rollback")]
    [InlineData(
        "may: []",
        "\"may\" is empty, so this could do nothing; name some of: deploy, read, cancel, approve, pause, rollback"
    )]
    [InlineData("may: deploy", "\"may\" must be a list, not a text")]
    [InlineData("may: [[deploy]]", "a right must be one of: deploy, read, cancel, approve, pause, rollback")]
    [InlineData(
        "until: tomorrow",
        "\"until\" must be a day, such as 2027-01-31, or a time with its zone, such as 2027-01-31T18:00:00Z"
    )]
    [InlineData("file: ci.tokens", "give \"value\" or \"file\", not both")]
    [InlineData("untill: 2027-01-31", "unknown key \"untill\"; did you mean \"until\"?")]
    public void What_is_wrong_with_it_is_said(string more, string mistake) =>
        Assert.Equal(mistake, Assert.Single(MistakesOf($"{{ci: {{{Text}, {more}}}}}")));

    [Theory]
    [InlineData("{ci: {may: [deploy]}}", "the token \"ci\" is missing; give \"value\" or \"file\"")]
    [InlineData("{ci: {value: ''}}", "a token is empty; an empty token would admit nobody")]
    [InlineData("{ci: {file: missing}}", "\"file\" \"*\": the file is missing")]
    [InlineData(
        "{ci: [a-token-of-good-length]}",
        "\"token\" must be a text, a list of texts, or a map of name to text or to {value, may, until}"
    )]
    [InlineData(
        "[{value: a-token-of-good-length}]",
        "\"token\" must be a text, a list of texts, or a map of name to text or to {value, may, until}"
    )]
    public void So_is_what_is_no_token(string token, string mistake) =>
        Assert.Equal(
            mistake,
            Assert.Single(MistakesOf(token)).Replace(_folder.At("missing"), "*", StringComparison.Ordinal)
        );

    private IReadOnlyList<Token> Tokens(string token)
    {
        var snapshot = Read(token);
        Assert.Empty(snapshot.Mistakes);
        return snapshot.Services["shop"].Credentials.Tokens.Tokens;
    }

    private IEnumerable<string> MistakesOf(string token) =>
        Read(token).Problems.Where(problem => problem.Severity is Severity.Mistake).Select(problem => problem.Message);

    private ConfigurationSnapshot Read(string token)
    {
        var path = _folder.Write(
            "main.yml",
            Encoding.UTF8.GetBytes($"shop:\n  token: {token}\n  pwd: .\n  commands: [ls]\n")
        );
        return ConfigurationReader.Read(path, _ => null, _folder.FullName, now: Now);
    }
}
