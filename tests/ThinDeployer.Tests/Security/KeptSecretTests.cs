using System.Text;
using ThinDeployer.Security;

namespace ThinDeployer.Tests.Security;

public sealed class KeptSecretTests
{
    [Theory]
    [InlineData("the-secret", "the-secret")]
    [InlineData("\n  the-secret  \r\nanother\n", "the-secret")]
    [InlineData("# whose it is\nthe-secret\n", "the-secret")]
    [InlineData("# whose it is\n\n", null)]
    public void The_line_of_a_file_that_was_checked_at_the_start_is_the_one_that_is_shown(string text, string? secret)
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("secret", Encoding.UTF8.GetBytes(text));

        Assert.Equal(secret, KeptSecret.OfFile(file).Read(out var why));
        Assert.Equal(secret is null, why is not null);
    }
}
