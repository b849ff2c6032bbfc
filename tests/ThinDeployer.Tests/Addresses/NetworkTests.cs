using System.Net;
using ThinDeployer.Addresses;

namespace ThinDeployer.Tests.Addresses;

public sealed class NetworkTests
{
    [Theory]
    [InlineData("10.0.0.0/8", "10.255.0.1", true)]
    [InlineData("10.0.0.0/8", "11.0.0.1", false)]
    [InlineData("10.0.0.0/8", "::ffff:10.1.2.3", true)]
    [InlineData("192.168.1.128/25", "192.168.1.129", true)]
    [InlineData("192.168.1.128/25", "192.168.1.127", false)]
    [InlineData("192.168.1.200/25", "192.168.1.129", true)]
    [InlineData("192.0.2.7", "192.0.2.7", true)]
    [InlineData("192.0.2.7", "192.0.2.8", false)]
    [InlineData("0.0.0.0/0", "1.2.3.4", true)]
    [InlineData("0.0.0.0/0", "::1", false)]
    [InlineData("::/0", "1.2.3.4", false)]
    [InlineData("::/0", "2001:db8::1", true)]
    [InlineData("::ffff:10.0.0.0/104", "10.9.9.9", true)]
    [InlineData("::ffff:10.0.0.1", "10.0.0.1", true)]
    [InlineData("2001:db8::/33", "2001:db8:7fff::1", true)]
    [InlineData("2001:db8::/33", "2001:db8:8000::1", false)]
    [InlineData("fe80::/10", "fe80::1%3", true)]
    [InlineData("192.0.2.7/32", "192.0.2.7", true)]
    [InlineData("192.0.2.7/32", "192.0.2.6", false)]
    [InlineData("2001:db8::7/128", "2001:db8::7", true)]
    [InlineData("2001:db8::/112", "2001:db8::ffff", true)]
    [InlineData("2001:db8::/112", "2001:db8::1:0", false)]
    [InlineData("::ffff:0.0.0.0/96", "10.9.9.9", true)]
    public void It_holds_an_address_or_not(string text, string address, bool holds)
    {
        Assert.Equal(holds, Network.Parse(text)!.Contains(IPAddress.Parse(address)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("10.0.0.0/33")]
    [InlineData("10.0.0.0/-1")]
    [InlineData("10.0.0.0/")]
    [InlineData("10.0.0.0/ 8")]
    [InlineData("::/129")]
    [InlineData("::ffff:0:0/64")]
    [InlineData("::ffff:10.0.0.0/80")]
    [InlineData("10.0.0")]
    [InlineData("1")]
    [InlineData("010.0.0.1")]
    [InlineData("0x7f.0.0.1")]
    [InlineData("[::1]")]
    [InlineData("[::1]:80")]
    [InlineData("fe80::1%eth0")]
    [InlineData("example.org")]
    public void What_is_none_is_refused(string text) => Assert.Null(Network.Parse(text));
}
