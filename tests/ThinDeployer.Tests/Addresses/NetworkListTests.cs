using System.Net;
using ThinDeployer.Addresses;

namespace ThinDeployer.Tests.Addresses;

public sealed class NetworkListTests
{
    [Theory]
    [InlineData("192.0.2.1", "192.0.2.1", true)]
    [InlineData("192.0.2.1", "192.0.2.2", false)]
    [InlineData("192.0.2.1", "::ffff:192.0.2.1", true)]
    [InlineData("::ffff:192.0.2.1", "192.0.2.1", true)]
    [InlineData("192.0.2.1/32", "192.0.2.1", true)]
    [InlineData("2001:db8::1/128", "2001:db8::1", true)]
    [InlineData("10.0.0.0/8", "10.255.255.255", true)]
    [InlineData("10.0.0.0/8", "11.0.0.0", false)]
    [InlineData("10.1.2.3/8", "10.9.9.9", true)]
    [InlineData("192.168.0.0/23", "192.168.1.1", true)]
    [InlineData("192.168.0.0/23", "192.168.2.1", false)]
    [InlineData("0.0.0.0/0", "203.0.113.7", true)]
    [InlineData("0.0.0.0/0", "2001:db8::1", false)]
    [InlineData("::/0", "2001:db8::1", true)]
    [InlineData("::/0", "203.0.113.7", false)]
    [InlineData("::ffff:10.0.0.0/104", "10.1.1.1", true)]
    [InlineData("2001:db8::/33", "2001:db8:7fff::1", true)]
    [InlineData("2001:db8::/33", "2001:db8:8000::1", false)]
    [InlineData(" 127.0.0.1 , ::1 ", "::1", true)]
    [InlineData("fe80::/10", "fe80::1%2", true)]
    [InlineData("", "127.0.0.1", false)]
    public void An_address_is_in_it_or_not(string networks, string address, bool isIn) =>
        Assert.Equal(isIn, NetworkList.Parse(networks)!.Contains(IPAddress.Parse(address)));

    [Theory]
    [InlineData("fe80::1%2", "fe80::1")]
    [InlineData("::ffff:192.0.2.1", "192.0.2.1")]
    [InlineData("192.0.2.1", "192.0.2.1")]
    public void An_address_is_the_same_on_each_link_and_in_each_clothes(string address, string plain) =>
        Assert.Equal(IPAddress.Parse(plain), Network.Plain(IPAddress.Parse(address)));

    [Theory]
    [InlineData("localhost")]
    [InlineData("10.0.0.0/33")]
    [InlineData("10.0.0.0/")]
    [InlineData("10.0.0.0/-1")]
    [InlineData("10.0.0.0/+8")]
    [InlineData("10.0.0.0/255.0.0.0")]
    [InlineData("::1/129")]
    [InlineData("::ffff:10.0.0.0/8")]
    [InlineData("1")]
    [InlineData("10.1")]
    [InlineData("0x7f.0.0.1")]
    [InlineData("010.0.0.1")]
    [InlineData("127.0.0.1 10.0.0.1")]
    [InlineData("127.0.0.1, nonsense")]
    [InlineData("[::1]")]
    [InlineData("fe80::1%eth0")]
    public void What_is_no_address_spoils_the_list(string networks) => Assert.Null(NetworkList.Parse(networks));

    [Theory]
    [InlineData("127.0.0.53", true)]
    [InlineData("::1", true)]
    [InlineData("::ffff:10.0.0.1", true)]
    [InlineData("172.31.0.1", true)]
    [InlineData("172.32.0.1", false)]
    [InlineData("fd00::1", true)]
    [InlineData("100.64.0.1", true)]
    [InlineData("203.0.113.7", false)]
    [InlineData("2001:db8::1", false)]
    public void Private_is_what_no_stranger_has(string address, bool isPrivate) =>
        Assert.Equal(isPrivate, NetworkList.Private.Contains(IPAddress.Parse(address)));
}
