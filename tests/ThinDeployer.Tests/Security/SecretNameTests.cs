using ThinDeployer.Security;

namespace ThinDeployer.Tests.Security;

public sealed class SecretNameTests
{
    [Theory]
    [InlineData("API_TOKEN", true)]
    [InlineData("client_secret", true)]
    [InlineData("DB_PASSWORD", true)]
    [InlineData("PASSPHRASE", true)]
    [InlineData("SshKey", true)]
    [InlineData("AWS_CREDENTIALS", true)]
    [InlineData("AUTHORIZATION", true)]
    [InlineData("SLACK_WEBHOOK_URL", true)]
    [InlineData("TOKEN_FILE_NAME", true)]
    [InlineData("DB_PASSWORD_FILE", false)]
    [InlineData("ssh_key_path", false)]
    [InlineData("SECRET_DIR", false)]
    [InlineData("SSH_AUTH_SOCK", false)]
    [InlineData("TOKENFILE", true)]
    [InlineData("WEBHOOK", false)]
    [InlineData("PATH", false)]
    [InlineData("", false)]
    public void A_name_tells_whether_its_value_is_a_secret(string name, bool isSecret) =>
        Assert.Equal(isSecret, SecretName.LooksSecret(name));
}
