using ThinDeployer.Configuration;

namespace ThinDeployer.Tests.Security;

public sealed class SignatureReaderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("signature: ~", "\"signature\" is empty")]
    [InlineData("signature: github", "\"signature\" must be a map, not a text")]
    [InlineData("signature: {secret: a-long-enough-secret}", "\"sender\" is missing; name one of: github,")]
    [InlineData("signature: {sender: , secret: a-long-enough-secret}", "\"sender\" is missing; name one of: github,")]
    [InlineData("signature: {sender: githup, secret: a-long-enough-secret}", "\"sender\" must be one of: github, ")]
    [InlineData("signature: {sender: github}", "a signature without a secret proves nothing")]
    [InlineData("signature: {sender: github, secret: ''}", "a signing secret is empty")]
    [InlineData("signature: {sender: github, secret: [a-long-enough-secret, '']}", "a signing secret is empty")]
    [InlineData("signature: {sender: github, secret: []}", "\"secret\" must be a text, or a list of texts")]
    [InlineData("signature: {sender: github, secret: {a: b}}", "\"secret\" must be a text, or a list of texts")]
    [InlineData("signature: {sender: github, secret: [[x]]}", "\"secret\" must be a text, or a list of texts")]
    [InlineData("signature: {sender: github, secret_file: none}", "\"secret_file\" \"", "the file is missing")]
    [InlineData("signature: {sender: github, secret_file: ''}", "\"secret_file\" is empty")]
    [InlineData("signature: {sender: github, secret_file: empty}", "\"secret_file\" \"", "holds no secret")]
    [InlineData(
        "signature: {sender: github, secret: a-long-enough-secret, prefx: x}",
        "unknown key \"prefx\"; did you mean \"prefix\"?"
    )]
    [InlineData(
        "signature: {sender: github, secret: a-long-enough-secret, header: X}",
        "\"header\" belongs to the sender hmac"
    )]
    [InlineData(
        "signature: {sender: gitlab, secret: a-long-enough-secret, algorithm: sha1}",
        "\"algorithm\" belongs to"
    )]
    [InlineData("signature: {sender: hmac, secret: a-long-enough-secret}", "\"header\" is missing")]
    [InlineData("signature: {sender: hmac, secret: a-long-enough-secret, header: ''}", "\"header\" is empty")]
    [InlineData(
        "signature: {sender: hmac, secret: a-long-enough-secret, header: 'X: Y'}",
        "\"header\" is no name of a header"
    )]
    [InlineData("signature: {sender: hmac, secret: a-long-enough-secret, header: Host}", "\"header\" can't be Host")]
    [InlineData(
        "signature: {sender: hmac, secret: a-long-enough-secret, header: content-type}",
        "\"header\" can't be content-type"
    )]
    [InlineData("token: a-token-of-good-length, token_header: Content-Length", "can't be Content-Length")]
    [InlineData("token: a-token-of-good-length, token_header: Transfer-Encoding", "can't be Transfer-Encoding")]
    [InlineData(
        "signature: {sender: github, secret: a-long-enough-secret, encoding: hex}",
        "\"encoding\" belongs to the sender hmac"
    )]
    [InlineData(
        "signature: {sender: github, secret: a-long-enough-secret, prefix: x}",
        "\"prefix\" belongs to the sender hmac"
    )]
    [InlineData(
        "signature: {sender: hmac, secret: a-long-enough-secret, header: X, algorithm: md5}",
        "\"algorithm\" must be one of: sha256, sha1, sha512"
    )]
    [InlineData(
        "signature: {sender: hmac, secret: a-long-enough-secret, header: X, encoding: hex64}",
        "\"encoding\" must be one of: hex, base64"
    )]
    [InlineData(
        "signature: {sender: standard-webhooks, secret: 'not base64 at all'}",
        "a secret of Standard Webhooks is base64"
    )]
    [InlineData("signature: {sender: gitlab, secret: whsec_}", "a secret of Standard Webhooks is base64")]
    [InlineData("token: {}", "\"token\" is empty; give at least one token")]
    [InlineData("token: [[x]]", "\"token\" must be a text, a list of texts, or a map of name to text")]
    [InlineData("token: a-token-of-good-length, token_header: 'X Y'", "\"token_header\" is no name of a header")]
    [InlineData(
        "token: a-token-of-good-length, token_header: Authorization",
        "\"token_header\" can't be Authorization"
    )]
    [InlineData(
        "signature: {sender: github, secret: a-long-enough-secret}, token_header: X",
        "\"token_header\" carries a token"
    )]
    public void What_is_wrong_is_one_mistake(string keys, params string[] parts)
    {
        _folder.Write("empty", "\n\n"u8.ToArray());

        var mistake = Assert.Single(Read(keys).Mistakes);

        Assert.All(parts, part => Assert.Contains(part, mistake, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(128, true)]
    [InlineData(129, false)]
    public void The_name_of_a_header_has_128_characters_at_most(int length, bool isRead) =>
        Assert.Equal(
            isRead,
            Read($"token: a-token-of-good-length, token_header: {new string('x', length)}").Mistakes.Count == 0
        );

    [Theory]
    [InlineData("token_file: lines")]
    [InlineData("signature: {sender: github, secret_file: lines}")]
    public void A_comment_in_a_file_is_no_secret_and_a_warning(string keys)
    {
        _folder.Write("lines", "# not-a-token-of-anybody\n  a-token-of-good-length  \n\n"u8.ToArray());

        var snapshot = Read(keys);

        Assert.Empty(snapshot.Mistakes);
        Assert.Contains(
            "a line that begins with # is a comment",
            Assert.Single(snapshot.Warnings),
            StringComparison.Ordinal
        );
        var credentials = snapshot.Services["s"].Credentials;
        Assert.Equal(22, credentials.Signature?.ShortestSecret ?? Assert.Single(credentials.Tokens.Tokens).Length);
    }

    [Theory]
    [InlineData("signature: {sender: github, secret: short}")]
    [InlineData("signature: {sender: gitlab, secret: [a-long-enough-secret, whsec_c2hvcnQ=]}")]
    public void A_short_secret_is_a_warning(string keys)
    {
        var snapshot = Read(keys);

        Assert.Empty(snapshot.Mistakes);
        var warning = Assert.Single(snapshot.Warnings);
        Assert.Contains("a signing secret has fewer than 16 characters", warning, StringComparison.Ordinal);
    }

    [Fact]
    public void A_service_of_a_sender_that_signs_needs_no_token_and_answers_at_once()
    {
        _folder.Write("secrets", "first-secret-of-it\nsecond-secret-of-it\n"u8.ToArray());

        var snapshot = Read("signature: {sender: github, secret_file: secrets}");

        Assert.Empty(snapshot.Mistakes);
        Assert.True(snapshot.Services["s"].Plan.Queue.AnswersAtOnce);
        Assert.Equal("github", snapshot.Services["s"].Credentials.Signature!.Sender);
    }

    [Theory]
    [InlineData("token: a-token-of-good-length", "a-token-of-good-length", "***")]
    [InlineData("signature: {sender: github, secret: a-token-of-good-length}", "a-token-of-good-length", "***")]
    [InlineData("token: short-one", "short-one of another", "*** of another")]
    [InlineData("token: seven77", "seven77", "seven77")]
    public void What_admits_is_not_shown_in_an_output_if_it_is_long_enough(string keys, string text, string masked) =>
        Assert.Equal(masked, Read(keys).Services["s"].Plan.Secrets.Masked(text));

    [Fact]
    public void It_waits_all_the_same_if_it_says_so()
    {
        var snapshot = Read("signature: {sender: github, secret: a-long-enough-secret}, respond: wait");

        Assert.Empty(snapshot.Mistakes);
        Assert.False(snapshot.Services["s"].Plan.Queue.AnswersAtOnce);
    }

    private ConfigurationSnapshot Read(string keys)
    {
        var path = _folder.Write(
            "main.yml",
            System.Text.Encoding.UTF8.GetBytes($"s: {{pwd: ., commands: [ls], {keys}}}")
        );
        File.SetUnixFileMode(path, UnixFileMode.UserRead);
        return ConfigurationReader.Read(path, _ => null, _folder.FullName);
    }
}
