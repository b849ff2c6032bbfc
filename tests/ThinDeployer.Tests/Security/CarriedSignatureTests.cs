using ThinDeployer.Security;

namespace ThinDeployer.Tests.Security;

public sealed class CarriedSignatureTests
{
    [Theory]
    [InlineData("gitea", "sha256=00")]
    [InlineData("gitea", "", "x")]
    [InlineData(null, "")]
    [InlineData(null)]
    public void An_empty_header_is_none(string? sender, params string[] values) =>
        Assert.Equal(sender, CarriedSignature.SenderOf(name => name == "X-Gitea-Signature" ? values : []));
}
