using System.Security.Cryptography;
using ThinDeployer.Security;

namespace ThinDeployer.Tests.Security;

/// <summary>Whether trying could find a credential: then who has failed too often is not answered at all.</summary>
public sealed class GuessableTests
{
    private static readonly Token LongToken = Token.Parse(name: null, new string('x', 32))!;
    private static readonly Token ShortToken = Token.Parse(name: null, new string('x', 31))!;

    [Theory]
    [InlineData(31, true)]
    [InlineData(32, false)]
    public void What_has_fewer_than_32_characters_can_be_guessed(int length, bool canBeGuessed)
    {
        var text = new string('x', length);

        Assert.Equal(canBeGuessed, Token.Parse(name: null, text)!.CanBeGuessed);
        Assert.Equal(canBeGuessed, new Secret(text).CanBeGuessed);
        Assert.Equal(canBeGuessed, Signature(length).CanBeGuessed);
    }

    [Fact]
    public void What_is_behind_a_digest_counts_as_long()
    {
        var token = Token.Parse(name: null, $"sha256:{new string('0', 64)}")!;

        Assert.False(token.CanBeGuessed);
        Assert.False(token.IsPlain);
        Assert.True(ShortToken.IsPlain);
        Assert.False(Of([token], signature: null).HasTokenShorterThan(int.MaxValue));
    }

    [Fact]
    public void One_short_credential_is_enough_for_a_service()
    {
        Assert.False(Of([LongToken], signature: null).CanBeGuessed);
        Assert.False(Of([LongToken], Signature(32)).CanBeGuessed);
        Assert.True(Of([LongToken, ShortToken], Signature(32)).CanBeGuessed);
        Assert.True(Of([LongToken], Signature(31)).CanBeGuessed);
        Assert.True(Of([], Signature(31)).CanBeGuessed);
    }

    [Fact]
    public void A_service_knows_its_short_tokens()
    {
        Assert.True(Of([LongToken, ShortToken], signature: null).HasTokenShorterThan(32));
        Assert.False(Of([LongToken, ShortToken], signature: null).HasTokenShorterThan(31));
    }

    private static Credentials Of(Token[] tokens, SenderSignature? signature) =>
        new(new TokenSet(tokens), signature, TokenHeader: null);

    private static SenderSignature Signature(int length) =>
        new(
            "github",
            new HmacHeader(
                new HmacHeaderForm("X-Hub-Signature-256", HashAlgorithmName.SHA256),
                [SigningSecret.OfText(new string('x', length))]
            ),
            length
        );
}
