using Microsoft.AspNetCore.Http;
using ThinDeployer.Http;

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
}
