using System.Text.Json;
using CsCheck;
using ThinDeployer.Http;
using ThinDeployer.Security;

namespace ThinDeployer.Tests.Http;

public sealed class MaskedRequestTests
{
    private const string Hidden = "p/ss+wörd \"of\" ours";

    private static readonly SecretMask Mask = SecretMask.Of([new Secret(Hidden)]);

    [Theory]
    [InlineData("a=1&b=%C3%BC", "a=1&b=%C3%BC")]
    [InlineData("token=x&a=1", "token=***&a=1")]
    [InlineData("to%6Ben=x", "to%6Ben=***")]
    [InlineData("a=p%2Fss%2Bw%C3%B6rd+%22of%22+ours", "a=***")]
    [InlineData("a=b%20p%2fss%2bw%c3%b6rd%20%22of%22%20ours=c", "a=b%20***%3Dc")]
    [InlineData("p%2Fss%2Bw%C3%B6rd+%22of%22+ours=a", "***=a")]
    [InlineData("p%2Fss%2Bw%C3%B6rd+%22of%22+ours", "***")]
    [InlineData("payload=%7B%22token%22%3A%22x%22%7D", "payload=%7B%22token%22%3A%22***%22%7D")]
    [InlineData("", "")]
    public void An_urlencoded_text_shows_no_secret_in_any_spelling(string sent, string shown) =>
        Assert.Equal(shown, MaskedPairs.Of(sent, Mask));

    [Theory]
    [InlineData("{ \"a\" : 1.50, \"b\":[true ] }", "{ \"a\" : 1.50, \"b\":[true ] }")]
    [InlineData("{\"token\":\"x\", \"a\": 1}", "{\"token\":\"***\", \"a\": 1}")]
    [InlineData("{\"hook\":{\"clientSecret\" : \"x\"}}", "{\"hook\":{\"clientSecret\" : \"***\"}}")]
    [InlineData("{\"db_password\": 1234}", "{\"db_password\": \"***\"}")]
    [InlineData("{\"p\\u0061ssword\": \"x\"}", "{\"p\\u0061ssword\": \"***\"}")]
    [InlineData("{\"author\": \"ada\", \"keys_url\": \"x\"}", "{\"author\": \"ada\", \"keys_url\": \"x\"}")]
    [InlineData("{\"tokens\": [\"x\"], \"token\": null}", "{\"tokens\": [\"x\"], \"token\": null}")]
    [InlineData("[\"p\\/ss+w\\u00f6rd \\\"of\\\" ours\"]", "[\"***\"]")]
    [InlineData("{\"p/ss+w\\u00f6rd \\\"of\\\" ours\": 1}", "{\"***\": 1}")]
    [InlineData("{\"token\": \"x\", \"cut", "{\"token\": \"***\", \"cut")]
    [InlineData("[\"a\", \"cut p/ss+w\\u00f6rd \\\"of\\\" ours", "[\"a\", \"cut ***")]
    [InlineData("{\"a\": tru, \"b\": \"p\\/ss+w\u00F6rd \\\"of\\\" ours\"}", "{\"a\": tru, \"b\": \"***\"}")]
    [InlineData("{\"a\": \"cut \\u00e9\\", "{\"a\": \"cut \\u00e9\\")]
    [InlineData("{\"token\": \"cut", "{\"token\": ***")]
    [InlineData("\uFEFF{\"token\": \"x\"}", "\uFEFF{\"token\": \"***\"}")]
    [InlineData("{\"a\": \"\\ud800\", \"token\": \"x\"}", "{\"a\": \"\\ud800\", \"token\": \"***\"}")]
    [InlineData("no json, token: x", "no json, token: x")]
    public void Json_shows_no_secret_and_stays_as_it_was_written(string sent, string shown) =>
        Assert.Equal(shown, MaskedJson.Of(sent, Mask));

    [Fact]
    public void Whatever_stands_around_it_a_secret_is_not_shown() =>
        Gen
            .String.Select(Gen.String)
            .Sample(
                (before, behind) =>
                {
                    var json = JsonSerializer.Serialize(new[] { before + Hidden + behind });
                    var form = $"x={Uri.EscapeDataString(before + Hidden + behind)}";

                    Assert.DoesNotContain(
                        Hidden,
                        JsonSerializer.Deserialize<string[]>(MaskedJson.Of(json, Mask))![0],
                        StringComparison.Ordinal
                    );
                    Assert.DoesNotContain(
                        Hidden,
                        Uri.UnescapeDataString(MaskedPairs.Of(form, Mask)),
                        StringComparison.Ordinal
                    );
                },
                iter: 2_000
            );
}
