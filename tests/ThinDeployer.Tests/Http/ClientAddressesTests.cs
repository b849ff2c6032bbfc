using System.Net;
using CsCheck;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Primitives;
using ThinDeployer.Addresses;
using ThinDeployer.Http;

namespace ThinDeployer.Tests.Http;

public sealed class ClientAddressesTests
{
    private const string Proxy = "10.0.0.1";

    [Theory]
    [InlineData("203.0.113.7", "203.0.113.7")]
    [InlineData("198.51.100.1, 203.0.113.7", "203.0.113.7")]
    [InlineData("198.51.100.1, 203.0.113.7, 10.0.0.2", "203.0.113.7")]
    [InlineData("198.51.100.1,203.0.113.7,10.0.0.2 , 192.168.7.1", "203.0.113.7")]
    [InlineData("203.0.113.7:4711", "203.0.113.7")]
    [InlineData("2001:db8::1", "2001:db8::1")]
    [InlineData("[2001:db8::1]", "2001:db8::1")]
    [InlineData("[2001:db8::1]:80", "2001:db8::1")]
    [InlineData("::ffff:203.0.113.7", "203.0.113.7")]
    [InlineData("[::ffff:10.0.0.2]:80, ::ffff:10.0.0.3", "10.0.0.2")]
    [InlineData("203.0.113.7, , ", "203.0.113.7")]
    [InlineData("10.0.0.9, 10.0.0.2", "10.0.0.9")]
    [InlineData("", Proxy)]
    [InlineData(" , ", Proxy)]
    public void Behind_a_declared_proxy_the_last_stranger_counts(string forwarded, string client) =>
        Assert.Equal(client, Find(Proxy, forwarded).ToString());

    [Theory]
    [InlineData("unknown")]
    [InlineData("203.0.113.7, unknown")]
    [InlineData("203.0.113.7, _hidden")]
    [InlineData("203.0.113.7, 1")]
    [InlineData("203.0.113.7, 010.0.0.2")]
    [InlineData("203.0.113.7, 0x0a.0.0.2")]
    [InlineData("203.0.113.7, 10.0.0.2:port")]
    [InlineData("203.0.113.7, 10.0.0.2:65536")]
    [InlineData("203.0.113.7, 10.0.0.2:")]
    [InlineData("203.0.113.7, [10.0.0.2]")]
    [InlineData("203.0.113.7, [::1")]
    [InlineData("203.0.113.7, [::1]80")]
    [InlineData("203.0.113.7, []")]
    [InlineData("203.0.113.7, fe80::1%eth0")]
    [InlineData("203.0.113.7, \"10.0.0.2\"")]
    public void What_can_not_be_read_ends_the_way(string forwarded)
    {
        Assert.Equal(Proxy, Find(Proxy, forwarded).ToString());
        Assert.Equal("10.0.0.7", Find(Proxy, forwarded + ", 10.0.0.7").ToString());
    }

    [Fact]
    public void Several_headers_are_one() =>
        Assert.Equal(
            "203.0.113.7",
            Find(Proxy, new StringValues(["198.51.100.1", "203.0.113.7, 10.0.0.3", "10.0.0.2"])).ToString()
        );

    [Theory]
    [InlineData("203.0.113.9")]
    [InlineData("127.0.0.1")]
    public void Nobody_else_is_believed(string peer) => Assert.Equal(peer, Find(peer, "203.0.113.7").ToString());

    [Fact]
    public void A_proxy_may_be_connected_by_either_version() =>
        Assert.Equal("203.0.113.7", Find("::ffff:10.0.0.1", "203.0.113.7").ToString());

    [Fact]
    public void No_header_makes_it_throw_or_believe_more_than_one_stranger() =>
        Gen.Char[" ,:[].%/0123456789abcfx"]
            .Array[0, 60]
            .Select(characters => new string(characters))
            .Sample(text =>
                Find(Proxy, text + ", 203.0.113.7").ToString() == "203.0.113.7" && Find(Proxy, text) is not null
            );

    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("192.168.1.1", true)]
    [InlineData("::ffff:192.168.1.1", true)]
    [InlineData("fd00::1", true)]
    [InlineData("203.0.113.7", false)]
    [InlineData(Proxy, false)]
    public void An_undeclared_proxy_nearby_is_shared_by_its_clients(string peer, bool isShared)
    {
        Assert.Equal(isShared, Find(peer, "198.51.100.1").IsShared);
        Assert.False(Find(peer, default).IsShared);
    }

    [Fact]
    public void It_is_warned_of_once()
    {
        var warnings = 0;
        var addresses = new ClientAddresses(
            NetworkList.None,
            new LineLogger<ClientAddresses>((level, _, _) => warnings += level == LogLevel.Warning ? 1 : 0)
        );

        addresses.Of(Request("203.0.113.7", "198.51.100.1"));
        Assert.Equal(0, warnings);
        addresses.Of(Request("127.0.0.1", default));
        Assert.Equal(0, warnings);
        addresses.Of(Request("127.0.0.1", "198.51.100.1"));
        addresses.Of(Request("10.0.0.1", "198.51.100.1"));
        Assert.Equal(1, warnings);
    }

    [Fact]
    public void Where_no_server_tells_the_peer_nobody_is_believed()
    {
        var client = Find(peer: null, "203.0.113.7");

        Assert.Null(client.Address);
        Assert.True(client.IsShared);
    }

    private static ClientAddress Find(string? peer, StringValues forwarded) =>
        new ClientAddresses(NetworkList.Parse("10.0.0.0/8, 192.168.7.1")!, NullLogger<ClientAddresses>.Instance).Of(
            Request(peer, forwarded)
        );

    private static DefaultHttpContext Request(string? peer, StringValues forwarded)
    {
        var context = new DefaultHttpContext();
        context.Connection.RemoteIpAddress = peer is null ? null : IPAddress.Parse(peer);
        if (forwarded.Count > 0)
        {
            context.Request.Headers["X-Forwarded-For"] = forwarded;
        }

        return context;
    }
}
