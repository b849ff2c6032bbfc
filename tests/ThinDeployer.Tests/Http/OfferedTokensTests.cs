using Microsoft.AspNetCore.Http;
using ThinDeployer.Http;
using ThinDeployer.Security;

namespace ThinDeployer.Tests.Http;

public sealed class OfferedTokensTests
{
    private static readonly HashSet<string> NoArguments = [];

    [Theory]
    [InlineData("Authorization")]
    [InlineData("X-Auth-Token")]
    [InlineData("X-Mine")]
    public void A_place_that_comes_twice_offers_nothing(string header)
    {
        var headers = new HeaderDictionary { [header] = new(["Bearer one", "Bearer one"]) };

        Assert.Null(OfferedTokens.Of(headers, new ArgumentCollection(NoArguments), "X-Mine"));
    }

    [Fact]
    public void A_token_is_taken_from_each_place()
    {
        var headers = new HeaderDictionary
        {
            ["X-Auth-Token"] = "one",
            ["Authorization"] = "Bearer two",
            ["X-Mine"] = "three",
        };
        var query = new ArgumentCollection(NoArguments);
        UrlEncoded.Read("token=four"u8.ToArray(), query);

        Assert.Equal(
            [Secret.DigestOf("one"u8), Secret.DigestOf("two"u8), Secret.DigestOf("three"u8), Secret.DigestOf("four"u8)],
            OfferedTokens.Of(headers, query, "X-Mine")!
        );
        Assert.Equal(3, OfferedTokens.Of(headers, query, tokenHeader: null)!.Count);
    }

    [Fact]
    public void An_argument_that_comes_twice_offers_nothing()
    {
        var query = new ArgumentCollection(NoArguments);
        UrlEncoded.Read("token=one&token=one"u8.ToArray(), query);

        Assert.Null(OfferedTokens.Of(new HeaderDictionary(), query, tokenHeader: null));
    }

    [Fact]
    public void Why_it_was_refused_says_what_came()
    {
        Assert.Equal("token_twice", OfferedTokens.WhyRefused(null));
        Assert.Equal("token_missing", OfferedTokens.WhyRefused([]));
        Assert.Equal(
            "token_mismatch",
            OfferedTokens.WhyRefused([
                [1],
            ])
        );
    }
}
