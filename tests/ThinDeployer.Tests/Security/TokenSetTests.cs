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
        var admission = Admission.ByToken("site", Tokens, DigestOf(offered));

        Assert.Equal(("site", who), (admission?.Service, admission?.Who));
    }

    [Theory]
    [InlineData("")]
    [InlineData("first-toke")]
    [InlineData("first-token ")]
    [InlineData("First-token")]
    public void Anything_else_admits_nobody(string offered) =>
        Assert.Null(Admission.ByToken("site", Tokens, DigestOf(offered)));

    [Theory]
    [InlineData("ci", "wrong", "first-token")]
    [InlineData("ci", "first-token", "wrong")]
    [InlineData("token", "wrong", "", "second-token")]
    [InlineData(null, "wrong", "First-token")]
    [InlineData(null)]
    public void One_of_several_that_are_offered_is_enough(string? credential, params string[] offered)
    {
        var admission = Admission.ByAnyToken("site", Tokens, [.. offered.Select(DigestOf)]);

        Assert.Equal(credential, admission?.Credential);
        Assert.Null(admission?.Sender);
        Assert.Null(admission?.DeliveryId);
    }

    [Fact]
    public void A_digest_admits_its_text_but_not_itself()
    {
        var digest = "sha256:" + Convert.ToHexString(Secret.DigestOf("a-token"u8)).ToLowerInvariant();
        var tokens = new TokenSet([Token.Parse(name: null, digest)!]);

        Assert.NotNull(tokens.Find(DigestOf("a-token")));
        Assert.Null(tokens.Find(DigestOf(digest)));
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

    private static byte[] DigestOf(string token) => Secret.DigestOf(Encoding.UTF8.GetBytes(token));
}
