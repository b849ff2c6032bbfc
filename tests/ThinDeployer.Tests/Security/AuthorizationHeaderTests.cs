using System.Text;
using ThinDeployer.Security;

namespace ThinDeployer.Tests.Security;

public sealed class AuthorizationHeaderTests
{
    [Theory]
    [InlineData("Bearer abc", "abc")]
    [InlineData("bearer   abc ", "abc")]
    [InlineData("Bearerabc", null)]
    [InlineData("Bearer", null)]
    [InlineData("  Bearer\tabc", "abc")]
    [InlineData("Basic\tYWFhOnRlc3Q=", "test")]
    [InlineData("Basic OnQ=", "t")]
    [InlineData("Basic YWFhOg==", "")]
    [InlineData("Basic YWFhOnRlc3Q=", "test")]
    [InlineData("BASIC YWFhOnRlc3Q=", "test")]
    [InlineData("Basic YWFhOnQ6c3Q=", "t:st")]
    [InlineData("Basic YWFh", null)]
    [InlineData("Basic !!!", null)]
    [InlineData("YWFhOnRlc3Q=", null)]
    [InlineData("Digest abc", null)]
    [InlineData("", null)]
    public void A_deploy_token_is_taken_from_bearer_or_basic(string header, string? token) =>
        Assert.Equal(token, Text(AuthorizationHeader.Token(header)));

    [Theory]
    [InlineData("YWFhOnRlc3Q=", "test")]
    [InlineData("Basic YWFhOnRlc3Q=", "test")]
    [InlineData("Basic", null)]
    [InlineData("nothing", null)]
    public void A_health_token_needs_no_scheme(string header, string? token) =>
        Assert.Equal(token, Text(AuthorizationHeader.BasicPassword(header)));

    [Theory]
    [InlineData("Basic YWFhOnRlc3Q=", true)]
    [InlineData("basic nonsense", true)]
    [InlineData("Basic", false)]
    [InlineData("Bearer abc", false)]
    [InlineData(null, false)]
    public void What_browsers_send_by_themselves_is_known(string? header, bool isBasic) =>
        Assert.Equal(isBasic, AuthorizationHeader.IsBasic(header));

    private static string? Text(byte[]? bytes) => bytes is null ? null : Encoding.UTF8.GetString(bytes);
}
