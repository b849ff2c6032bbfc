using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using CsCheck;
using ThinDeployer.Machines;

namespace ThinDeployer.Tests.Machines;

public sealed class JoinCodeTests
{
    private static readonly JoinCode Code = new(
        new Uri("amqps://broker.example:5671"),
        "web-1",
        RandomNumberGenerator.GetBytes(32),
        [1, 2, 3],
        DateTimeOffset.FromUnixTimeMilliseconds(1_800_000_000_123)
    );

    [Fact]
    public void It_is_read_as_it_was_written()
    {
        var read = JoinCode.Parse(Code.Text)!;

        Assert.StartsWith("td1.", Code.Text, StringComparison.Ordinal);
        Assert.Equal(
            (Code.Broker, Code.Machine, Code.Until, Code.FirstPassword),
            (read.Broker, read.Machine, read.Until, read.FirstPassword)
        );
        Assert.Equal(Code.Secret, read.Secret);
        Assert.Equal(Code.FrontKey, read.FrontKey);
    }

    [Fact]
    public void It_needs_no_quotes_in_a_shell() =>
        Assert.All(Code.Text, letter => Assert.True(char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-' or '_'));

    [Fact]
    public void It_does_not_print() => Assert.Equal("***", $"{Code}");

    [Theory]
    [InlineData("")]
    [InlineData("td1.")]
    [InlineData("td2.e30")]
    [InlineData("td1.e30")]
    [InlineData("td1.bnVsbA")]
    [InlineData("td1.!")]
    public void What_is_none_is_refused(string text) => Assert.Null(JoinCode.Parse(text));

    [Theory]
    [InlineData("\"web-1\"", "\"Web 1\"")]
    [InlineData("\"web-1\"", "\"all\"")]
    [InlineData("\"web-1\"", "null")]
    [InlineData("\"web-1\"", "\"web-1\",\"machine\":\"web-2\"")]
    [InlineData("\"web-1\"", "\"web-1\",\"more\":1")]
    [InlineData("amqps:", "https:")]
    [InlineData("//broker", "//me:pass@broker")]
    [InlineData("//broker.example:5671", "")]
    [InlineData("\"AQID\"", "\"\"")]
    [InlineData("\"AQID\"", "\"%%%\"")]
    [InlineData("1800000000123", "-1")]
    [InlineData("1800000000123", "1e400")]
    [InlineData("1800000000123", "9223372036854775807")]
    public void What_has_a_wrong_part_is_refused(string part, string other)
    {
        var json = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(Code.Text.AsSpan(4)));
        Assert.Contains(part, json, StringComparison.Ordinal);

        Assert.Null(JoinCode.Parse(Written(json.Replace(part, other, StringComparison.Ordinal))));
        Assert.NotNull(JoinCode.Parse(Written(json)));
    }

    [Fact]
    public void A_secret_of_another_length_is_none()
    {
        Assert.Null(JoinCode.Parse((Code with { Secret = new byte[31] }).Text));
        Assert.Null(JoinCode.Parse((Code with { FrontKey = new byte[129] }).Text));
        Assert.Null(JoinCode.Parse(Code.Text + new string('A', 8192)));
    }

    [Fact]
    public void Whatever_is_pasted_is_a_code_or_none() =>
        Gen.OneOf(
                Gen.String.Select(text => "td1." + text),
                Gen.Byte.Array[0, 300].Select(bytes => "td1." + Base64Url.EncodeToString(bytes)),
                Gen.Select(
                    Gen.Int[0, Code.Text.Length - 1],
                    Gen.Char,
                    (at, letter) => Code.Text[..at] + letter + Code.Text[(at + 1)..]
                ),
                Gen.Int[0, Code.Text.Length - 1].Select(length => Code.Text[..length])
            )
            .Sample(text => JoinCode.Parse(text) is not { } code || JoinCode.Parse(code.Text) is not null);

    [Fact]
    public void A_proof_is_of_one_name_one_key_and_one_secret()
    {
        var join = new Join("web-1", "key", JoinCode.ProofOf(Code.Secret, "web-1", "key"));

        Assert.True(JoinCode.IsProof(Code.Secret, join));
        Assert.False(JoinCode.IsProof(new byte[32], join));
        Assert.False(JoinCode.IsProof(Code.Secret, join with { Machine = "web-2" }));
        Assert.False(JoinCode.IsProof(Code.Secret, join with { Key = "other" }));
        Assert.False(JoinCode.IsProof(Code.Secret, join with { Proof = "" }));
    }

    private static string Written(string json) => "td1." + Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));
}
