using System.Text;
using CsCheck;
using ThinDeployer.Http;

namespace ThinDeployer.Tests.Http;

public sealed class UrlEncodedTests
{
    [Theory]
    [InlineData("a=1", "1")]
    [InlineData("a=", "")]
    [InlineData("a", "")]
    [InlineData("%61=1", "1")]
    [InlineData("x=2&a=1&&y", "1")]
    [InlineData("a=1+2%2B3", "1 2+3")]
    [InlineData("a=100%", "100%")]
    [InlineData("a=%zz%4", "%zz%4")]
    [InlineData("a=b=c", "b=c")]
    [InlineData("a=%C3%BC", "ü")]
    [InlineData("a=1;b=2", "1;b=2")]
    public void A_value_is_decoded(string encoded, string value)
    {
        var arguments = Read(Encoding.UTF8.GetBytes(encoded));

        Assert.True(arguments.IsText);
        Assert.Equal((1, value), arguments.Find("a"));
    }

    [Theory]
    [InlineData("a=%00")]
    [InlineData("a=%FF")]
    [InlineData("a=%C0%AF")]
    [InlineData("a=%ED%A0%80")]
    [InlineData("unwanted=%FF")]
    [InlineData("%FF=1")]
    public void What_is_no_text_is_noticed(string encoded) =>
        Assert.False(Read(Encoding.UTF8.GetBytes(encoded)).IsText);

    [Fact]
    public void Arguments_are_counted_and_the_unwanted_forgotten()
    {
        var arguments = Read("a=1&b=2&a=3&token=x&token=y"u8.ToArray());

        Assert.Equal((2, "1"), arguments.Find("a"));
        Assert.Equal((0, ""), arguments.Find("b"));
        Assert.Equal(2, arguments.TokenCount);
    }

    [Fact]
    public void What_a_client_encodes_comes_back() =>
        Gen
            .String.Where(text => !text.Any(char.IsSurrogate) && !text.Contains('\0', StringComparison.Ordinal))
            .Sample(text => Read(Encoding.UTF8.GetBytes("a=" + Uri.EscapeDataString(text))).Find("a") == (1, text));

    [Fact]
    public void No_bytes_make_it_throw() =>
        Gen
            .Byte.Array[0, 200]
            .Sample(bytes =>
            {
                Read(bytes);
            });

    private static ArgumentCollection Read(byte[] encoded)
    {
        var arguments = new ArgumentCollection(new HashSet<string>(StringComparer.Ordinal) { "a" });
        UrlEncoded.Read(encoded, arguments);
        return arguments;
    }
}
