using System.Text;
using ThinDeployer.Security;

namespace ThinDeployer.Tests.Security;

public sealed class TokenSetTests
{
    private static readonly TokenSet Tokens = new([
        Token.Parse("ci", "first-token")!,
        Token.Parse(name: null, "second-token")!,
    ]);

    [Theory]
    [InlineData("first-token", "ci")]
    [InlineData("second-token", null)]
    public void Each_token_admits_under_its_name(string offered, string? who)
    {
        var admission = Assert.Single(Admission.ByTokens("site", Tokens, [DigestOf(offered)], Now));

        Assert.Equal(("site", who), (admission.Service, admission.Who));
    }

    [Theory]
    [InlineData("")]
    [InlineData("first-toke")]
    [InlineData("first-token ")]
    [InlineData("First-token")]
    public void Anything_else_admits_nobody(string offered) =>
        Assert.Empty(Admission.ByTokens("site", Tokens, [DigestOf(offered)], Now));

    [Theory]
    [InlineData("ci", "wrong", "first-token")]
    [InlineData("ci", "first-token", "wrong")]
    [InlineData("token", "wrong", "", "second-token")]
    [InlineData(null, "wrong", "First-token")]
    [InlineData(null)]
    public void One_of_several_that_are_offered_is_enough(string? credential, params string[] offered)
    {
        var admission = Admission.ByTokens("site", Tokens, [.. offered.Select(DigestOf)], Now).SingleOrDefault();

        Assert.Equal(credential, admission?.Credential);
        Assert.Null(admission?.Sender);
        Assert.Null(admission?.DeliveryId);
    }

    [Fact]
    public void A_digest_admits_its_text_but_not_itself()
    {
        var digest = "sha256:" + Convert.ToHexString(Secret.DigestOf("a-token"u8)).ToLowerInvariant();
        var tokens = new TokenSet([Token.Parse(name: null, digest)!]);

        Assert.NotEmpty(tokens.Find(DigestOf("a-token")));
        Assert.Empty(tokens.Find(DigestOf(digest)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("sha256:")]
    [InlineData("sha256:abc")]
    [InlineData("sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b85500")]
    [InlineData("sha256:zza06d361df1c2c59fd4c2c42bd4f7c8caeb34a1ac0f5a3c6dbb4a4bb8cdfbf8")]
    public void What_can_be_no_token_is_refused(string text) => Assert.Null(Token.Parse(name: null, text));

    [Fact]
    public void A_secret_does_not_show_itself()
    {
        Assert.Equal("***", new Secret("hidden").ToString());
        Assert.Equal("***", Token.Parse("ci", "hidden")!.ToString());
    }

    [Fact]
    public void An_empty_secret_matches_nothing()
    {
        Assert.False(new Secret("").Matches([]));
        Assert.True(new Secret("x").Matches("x"u8));
    }

    [Theory]
    [InlineData("Read", "Read", true)]
    [InlineData("Read, Cancel", "Cancel", true)]
    [InlineData("Read", "Read, Cancel", false)]
    [InlineData("Default", "Approve", false)]
    [InlineData("All", "None", false)]
    public void An_admission_may_what_its_token_may(string may, string wanted, bool isRight)
    {
        var tokens = new TokenSet([Token.Parse("ci", "first-token")! with { May = Enum.Parse<Rights>(may) }]);

        var admission = Admission.ByTokens("site", tokens, [DigestOf("first-token")], Now)[0];

        Assert.Equal(isRight, admission.May(Enum.Parse<Rights>(wanted)));
    }

    [Theory]
    [InlineData(-1, false)]
    [InlineData(0, true)]
    [InlineData(1, true)]
    public void A_token_opens_nothing_from_its_end_on(int secondsAfter, bool hasEnded)
    {
        var tokens = new TokenSet([Token.Parse("ci", "first-token")! with { Until = Now.AddSeconds(-secondsAfter) }]);
        byte[][] offered = [DigestOf("wrong"), DigestOf("first-token")];

        Assert.Equal(hasEnded, Admission.ByTokens("site", tokens, offered, Now).Count == 0);
        Assert.Equal(hasEnded, tokens.HasEnded(offered, Now));
    }

    [Fact]
    public void A_text_that_stands_twice_may_what_either_says()
    {
        var tokens = new TokenSet([
            Token.Parse("deploy", "same")! with
            {
                May = Rights.Deploy,
            },
            Token.Parse("see", "same")! with
            {
                May = Rights.Read,
            },
        ]);

        Assert.Equal(
            ["deploy", "see"],
            Admission.ByTokens("site", tokens, [DigestOf("same")], Now).Select(admission => admission.Who)
        );
    }

    private static DateTimeOffset Now { get; } = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

    private static byte[] DigestOf(string token) => Secret.DigestOf(Encoding.UTF8.GetBytes(token));
}
